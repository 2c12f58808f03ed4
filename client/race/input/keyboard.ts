import { idleWish, type Wish } from "../core/quantise";
import { damp } from "../render/maths";
import type { Actions } from "./actions";

type Hold =
  "left" | "right" | "throttle" | "brake" | "drift" | "nitro" | "mini" | "rescue" | "back";

const HOLDS: Record<string, Hold> = {
  ArrowLeft: "left",
  KeyA: "left",
  ArrowRight: "right",
  KeyD: "right",
  ArrowUp: "throttle",
  KeyW: "throttle",
  ArrowDown: "brake",
  KeyS: "brake",
  ShiftLeft: "drift",
  ShiftRight: "drift",
  Space: "drift",
  KeyN: "nitro",
  KeyX: "nitro",
  ControlLeft: "nitro",
  ControlRight: "nitro",
  KeyM: "mini",
  KeyE: "mini",
  KeyC: "mini",
  Backspace: "rescue",
  KeyB: "back",
};

/** Keys are on or off; steering is eased in so that a tap is a small correction. */
const EASE_IN = 11; // 1/s
const EASE_OUT = 18; // 1/s

export class Keyboard {
  private readonly held = new Set<Hold>();
  /** Pressed since a tick last saw the keys: a press shorter than a frame must count. */
  private readonly fresh = new Set<Hold>();
  private readonly shown = new Set<Hold>();
  private readonly codes = new Map<string, Hold>();
  private steer = 0;
  private touched = false;
  readonly wish: Wish = idleWish();

  constructor(
    private readonly actions: Actions,
    private readonly driving: () => boolean,
  ) {
    addEventListener("keydown", this.down);
    addEventListener("keyup", this.up);
    addEventListener("blur", this.release);
  }

  /** True once after a driving key went down. */
  takeTouched(): boolean {
    const was = this.touched;
    this.touched = false;
    return was;
  }

  get lookBack(): boolean {
    return this.held.has("back");
  }

  private readonly down = (event: KeyboardEvent): void => {
    if (event.altKey || event.metaKey) return;
    if (event.code === "Escape" || event.code === "KeyP") {
      if (!event.repeat) this.actions.pause();
      event.preventDefault();
      return;
    }
    if (event.code === "KeyR" && !event.repeat && !event.ctrlKey) this.actions.restart();
    if (!this.driving()) return;
    if (event.code === "KeyQ" && !event.repeat) this.actions.mute();
    if (event.code === "Enter") this.actions.skip();
    const hold = HOLDS[event.code];
    if (!hold) return;
    if (event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement)
      return;
    event.preventDefault();
    this.touched = true;
    this.codes.set(event.code, hold);
    this.held.add(hold);
    if (!event.repeat) {
      this.fresh.add(hold);
      this.shown.delete(hold);
    }
  };

  private readonly up = (event: KeyboardEvent): void => {
    const hold = this.codes.get(event.code);
    if (!hold) return;
    this.codes.delete(event.code);
    if (![...this.codes.values()].includes(hold)) this.held.delete(hold);
  };

  readonly release = (): void => {
    this.codes.clear();
    this.held.clear();
    this.fresh.clear();
  };

  private has(hold: Hold): boolean {
    return this.held.has(hold) || this.fresh.has(hold);
  }

  /** `seen` says that ticks ran since the last call. */
  frame(dt: number, seen: boolean): Wish {
    if (seen) for (const hold of this.shown) this.fresh.delete(hold);
    if (seen) this.shown.clear();
    for (const hold of this.fresh) this.shown.add(hold);
    const wanted = (this.has("right") ? 1 : 0) - (this.has("left") ? 1 : 0);
    this.steer = damp(
      this.steer,
      wanted,
      Math.abs(wanted) > 0 && wanted * this.steer >= 0 ? EASE_IN : EASE_OUT,
      dt,
    );
    if (wanted === 0 && Math.abs(this.steer) < 0.02) this.steer = 0;
    if (Math.abs(this.steer) > 0.985) this.steer = Math.sign(this.steer);
    this.wish.steer = this.steer;
    for (const key of ["throttle", "brake", "drift", "nitro", "mini", "rescue"] as const) {
      this.wish[key] = this.has(key);
    }
    return this.wish;
  }
}

import { idleWish, type Wish } from "../core/quantise";
import type { Actions } from "./actions";

const DEAD = 0.12;
const CURVE = 1.35; // above 1 is finer about the middle

export function shapeStick(value: number): number {
  const size = Math.abs(value);
  if (size < DEAD) return 0;
  return Math.sign(value) * Math.pow((size - DEAD) / (1 - DEAD), CURVE);
}

/** A pad in the standard layout: stick steers, triggers drive, A drifts, X nitro, B mini-boost. */
export class Gamepads {
  readonly wish: Wish = idleWish();
  lookBack = false;
  private before: boolean[] = [];
  touched = false;

  constructor(private readonly actions: Actions) {}

  frame(): Wish {
    const pad =
      typeof navigator.getGamepads === "function"
        ? navigator.getGamepads().find((p) => p?.mapping === "standard")
        : null;
    this.touched = false;
    Object.assign(this.wish, idleWish());
    this.lookBack = false;
    if (!pad) return this.wish;
    const down = (i: number): boolean => (pad.buttons[i]?.value ?? 0) > 0.3;
    const rose = (i: number): boolean => down(i) && !this.before[i];
    const cross = (down(15) ? 1 : 0) - (down(14) ? 1 : 0);
    this.wish.steer = cross || shapeStick(pad.axes[0] ?? 0);
    this.wish.throttle = down(7);
    this.wish.brake = down(6);
    this.wish.drift = down(0) || down(5);
    this.wish.nitro = down(2);
    this.wish.mini = down(1);
    this.wish.rescue = down(8);
    this.lookBack = down(4);
    if (rose(9)) this.actions.pause();
    if (rose(3)) this.actions.restart();
    this.touched = this.wish.steer !== 0 || pad.buttons.some((b) => b.pressed);
    this.before = pad.buttons.map((b) => b.value > 0.3);
    return this.wish;
  }

  rumble(strength: number, ms: number): void {
    const pad = navigator.getGamepads?.().find((p) => p?.mapping === "standard");
    void pad?.vibrationActuator
      ?.playEffect("dual-rumble", {
        duration: ms,
        strongMagnitude: strength,
        weakMagnitude: strength * 0.6,
      })
      .catch(() => undefined);
  }
}

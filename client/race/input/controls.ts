import { K_MINI_WINDOW } from "../generated/sim.js";
import type { Wish } from "../core/quantise";
import type { System, World } from "../core/world";
import type { Gamepads } from "./gamepad";
import type { Keyboard } from "./keyboard";
import type { Touch } from "./touch";

/** Joins keys, pad and thumbs into one wish. First in the frame. */
export class Controls implements System {
  readonly name = "controls";

  constructor(
    private readonly keyboard: Keyboard,
    private readonly pads: Gamepads,
    private readonly touch: Touch,
  ) {}

  frame(world: World, dt: number): void {
    const keys = this.keyboard.frame(dt, world.steps > 0);
    const pad = this.pads.frame();
    this.touch.miniReady = world.race.field(K_MINI_WINDOW) > 0;
    if (this.keyboard.takeTouched()) world.inputKind = "keys";
    else if (this.pads.touched) world.inputKind = "pad";
    else if (this.touch.touched) world.inputKind = "touch";
    this.touch.touched = false;
    const thumbs = this.touch.frame(world.inputKind === "touch");
    const all: Wish[] = [keys, pad, thumbs];
    const any = (key: "throttle" | "brake" | "drift" | "nitro" | "mini" | "rescue"): boolean =>
      all.some((w) => w[key]);
    const wish = world.wish;
    wish.steer = Math.max(-1, Math.min(1, keys.steer + pad.steer + thumbs.steer));
    wish.brake = any("brake");
    wish.throttle = any("throttle");
    wish.drift = any("drift");
    wish.nitro = any("nitro");
    wish.mini = any("mini");
    wish.rescue = any("rescue");
    world.lookBack = this.keyboard.lookBack || this.pads.lookBack;
    world.me.steer = world.phase === "finished" ? world.me.steer : wish.steer;
  }
}

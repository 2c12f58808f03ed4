import type { System, World } from "../core/world";
import type { Gamepads } from "../input/gamepad";

const BUZZ: Partial<Record<World["events"][number]["kind"], number | number[]>> = {
  light: 18,
  go: 60,
  drift: 14,
  window: 10,
  mini: 35,
  nitro: [20, 20, 60],
  wall: 55,
  bump: 30,
  land: 40,
  pad: 35,
  lap: [30, 40, 30],
};

/** What is felt: the phone's motor, or the pad's. */
export class Haptics implements System {
  readonly name = "haptics";

  constructor(private readonly pads: Gamepads) {}

  frame(world: World): void {
    if (!world.settings.haptics || world.events.length === 0) return;
    for (const event of world.events) {
      const pattern = BUZZ[event.kind];
      if (pattern === undefined) continue;
      if (world.inputKind === "touch") navigator.vibrate?.(pattern);
      else if (world.inputKind === "pad") this.pads.rumble(event.kind === "wall" ? 0.9 : 0.4, 120);
    }
  }
}

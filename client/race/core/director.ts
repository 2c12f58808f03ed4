import { INTRO_S } from "../render/camera";
import { outcomeOf } from "./outcome";
import type { System, World } from "./world";

export interface Cues {
  /** The race is over; `finished` is told once. */
  finished(): void;
}

/** Moves the race from phase to phase. */
export class Director implements System {
  readonly name = "director";

  constructor(private readonly cues: Cues) {}

  begin(world: World): void {
    this.enter(world, "intro");
  }

  skip(world: World): void {
    if (world.phase === "intro") this.enter(world, "countdown");
  }

  reset(world: World): void {
    world.outcome = null;
    if (world.phase !== "gate") this.enter(world, "countdown");
  }

  frame(world: World, dt: number): void {
    world.phaseTime += dt;
    if (world.phase === "intro" && world.phaseTime >= INTRO_S) this.enter(world, "countdown");
    if (world.phase === "countdown" && !world.race.counting) this.enter(world, "racing");
    if (world.events.some((event) => event.kind === "finish")) {
      this.enter(world, "finished");
      world.outcome = outcomeOf(world.race);
      this.cues.finished();
    }
  }

  private enter(world: World, phase: World["phase"]): void {
    world.phase = phase;
    world.phaseTime = 0;
  }
}

import { DT } from "../generated/sim.js";
import { FixedStep } from "../core/fixedstep";
import { interpolate } from "../core/pose";
import type { System, World } from "../core/world";
import type { Tape } from "./tape";

const MOST_STEPS = 30; // at double speed, a frame of a quarter of a second

/** Runs the tape by the time that passes, and poses the kart between its last two ticks. */
export class Deck implements System {
  readonly name = "deck";
  private readonly clock = new FixedStep(DT, MOST_STEPS);

  constructor(private readonly tape: Tape) {}

  reset(world: World): void {
    this.clock.clear();
    this.pose(world, 1);
  }

  frame(world: World, dt: number): void {
    world.steps = this.clock.take(dt);
    for (let i = 0; i < world.steps; i++) world.events.push(...this.tape.forward());
    this.pose(world, this.tape.isOver || world.paused ? 1 : this.clock.alpha);
  }

  private pose(world: World, alpha: number): void {
    const { tape } = this;
    interpolate(world.me, tape.driven.prev, tape.driven.cur, alpha, 0, world.track);
    world.me.steer = tape.steer;
    // To the systems a rolling kart is still racing: "finished" would be the results' camera.
    world.phase = tape.counting ? "countdown" : "racing";
  }
}

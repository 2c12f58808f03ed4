import { DT, K_PROGRESS } from "../generated/sim.js";
import { rollOut } from "./autopilot";
import { FixedStep } from "./fixedstep";
import { TICKS_PER_SECOND } from "./format";
import { interpolate, newPose } from "./pose";
import { idleWish } from "./quantise";
import type { System, World } from "./world";

const MOST_STEPS = 15; // a frame slower than 250 ms slows the race down

/** Runs the ticks that are due, and poses every kart between the last two of them. */
export class Simulation implements System {
  readonly name = "simulation";
  private readonly clock = new FixedStep(DT, MOST_STEPS);

  private readonly rolling = idleWish();

  reset(world: World): void {
    this.clock.clear();
    world.split = null;
    world.ghost = world.race.ghost ? newPose() : null;
    world.rivals = Array.from({ length: world.race.kart }, newPose);
    this.pose(world, 0);
  }

  frame(world: World, dt: number): void {
    const live =
      world.phase === "countdown" || world.phase === "racing" || world.phase === "finished";
    world.steps = live ? this.clock.take(dt) : 0;
    for (let i = 0; i < world.steps; i++) this.step(world);
    this.pose(world, live ? this.clock.alpha : 1);
  }

  private step(world: World): void {
    if (world.phase === "finished") {
      this.pose(world, 1);
      world.me.steer = this.rolling.steer = rollOut(world.me, world.track);
    }
    const wish = world.phase === "finished" ? this.rolling : world.wish;
    world.events.push(...world.race.step(wish));
  }

  private pose(world: World, alpha: number): void {
    const { race, track } = world;
    interpolate(world.me, race.driven.prev, race.driven.cur, alpha, race.kart, track);
    world.rivals.forEach((pose, kart) => {
      interpolate(pose, race.driven.prev, race.driven.cur, alpha, kart, track);
      pose.steer = race.steerOf(kart);
    });
    if (!world.ghost || !race.ghost) return;
    const { prev, cur } = race.ghost.driven;
    interpolate(world.ghost, prev, cur, alpha, 0, track);
    world.ghost.steer = race.ghost.steer;
    if (world.phase === "racing" && race.tick % 6 === 0) this.measure(world);
  }

  private measure(world: World): void {
    const tick = world.race.ghost!.tickAt(world.race.field(K_PROGRESS));
    world.split = tick === null ? null : ((world.race.tick - 1 - tick) * 1000) / TICKS_PER_SECOND;
  }
}

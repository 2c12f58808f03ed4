import { K_BEST_LAP, K_LAP, K_NITRO_STOCK, SIM_VERSION } from "./generated/sim.js";
import { bearingAhead } from "./core/autopilot";
import type { World } from "./core/world";
import type { Stats } from "./render/stage";

/** Facts of the running race for whoever watches from outside. They can be read and never set. */
export interface Facts {
  readonly phase: World["phase"];
  readonly paused: boolean;
  readonly tick: number;
  readonly lap: number;
  readonly laps: number;
  readonly speed: number;
  readonly x: number;
  readonly y: number;
  readonly along: number;
  readonly lateral: number;
  /** Radians from the heading to the road ahead, right positive. */
  readonly bearing: number;
  readonly drift: number;
  readonly offRoad: boolean;
  readonly nitroStock: number;
  readonly bestLapTicks: number;
  readonly lapMs: readonly number[];
  readonly ghost: { readonly name: string; readonly x: number; readonly y: number } | null;
  readonly split: number | null;
  readonly verdict: string;
  readonly record: string;
}

export interface Probe {
  readonly ready: boolean;
  readonly simVersion: string;
  readonly state: Facts;
  stats(): Readonly<Stats>;
}

declare global {
  interface Window {
    moongate?: Probe;
  }
}

export function installProbe(
  world: World,
  stats: Stats,
  told: { verdict: string; record: string },
): void {
  const facts = (): Facts => {
    const { race, me, ghost } = world;
    return Object.freeze({
      phase: world.phase,
      paused: world.paused,
      tick: race.tick,
      lap: race.field(K_LAP),
      laps: race.laps,
      speed: me.speed,
      x: me.x,
      y: me.y,
      along: me.along,
      lateral: me.lateral,
      bearing: bearingAhead(me, world.track),
      drift: me.drift,
      offRoad: me.offRoad,
      nitroStock: race.field(K_NITRO_STOCK),
      bestLapTicks: race.field(K_BEST_LAP),
      lapMs: Object.freeze(race.lapMs),
      ghost:
        ghost && race.ghost
          ? Object.freeze({ name: race.ghost.name, x: ghost.x, y: ghost.y })
          : null,
      split: world.split,
      verdict: told.verdict,
      record: told.record,
    });
  };
  const probe = { ready: true, simVersion: SIM_VERSION, stats: () => Object.freeze({ ...stats }) };
  Object.defineProperty(probe, "state", { get: facts, enumerable: true });
  window.moongate = Object.freeze(probe) as unknown as Probe;
}

import { K_BEST_LAP, K_LAP, K_NITRO_STOCK, SIM_VERSION } from "./generated/sim.js";
import type { Sound } from "./audio/sound";
import { bearingAhead } from "./core/autopilot";
import type { World } from "./core/world";
import type { Survey } from "./render/survey";
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
  /** 1 for the first; 1 when alone. */
  readonly place: number;
  readonly rivals: readonly { readonly name: string; readonly x: number; readonly y: number }[];
  readonly verdict: string;
  readonly record: string;
  /** What the band plays, once it is there. */
  readonly music: Sound["music"];
}

export interface Probe {
  readonly ready: boolean;
  readonly simVersion: string;
  readonly state: Facts;
  stats(): Readonly<Stats>;
  /** The most that one of so many views round the lap costs to draw, with the karts there are. */
  survey(views: number): Readonly<Survey>;
}

declare global {
  interface Window {
    moongate?: Probe;
  }
}

const MOST_VIEWS = 400;

export function installProbe(
  world: World,
  stats: Stats,
  told: { verdict: string; record: string },
  sound: Sound,
  look: (views: number) => Survey,
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
      place: race.standings?.placeOf(race.kart) ?? 1,
      rivals: Object.freeze(
        world.rivals.map(({ x, y }, kart) =>
          Object.freeze({ name: race.rivals?.names[kart] ?? "", x, y }),
        ),
      ),
      verdict: told.verdict,
      record: told.record,
      music: sound.music && Object.freeze({ ...sound.music }),
    });
  };
  const probe = {
    ready: true,
    simVersion: SIM_VERSION,
    stats: () => Object.freeze({ ...stats }),
    survey: (views: number) => Object.freeze(look(Math.min(MOST_VIEWS, views))),
  };
  Object.defineProperty(probe, "state", { get: facts, enumerable: true });
  window.moongate = Object.freeze(probe) as unknown as Probe;
}

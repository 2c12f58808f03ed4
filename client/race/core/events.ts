import {
  HEADER,
  H_COUNTDOWN,
  H_TICK,
  K_BUTTONS,
  K_DRIFT,
  K_FINISH_TICK,
  K_LAP,
  K_LAST_LAP,
  K_MINI_LEFT,
  K_MINI_WINDOW,
  K_NITRO_LEFT,
  K_NITRO_STOCK,
  K_WALL,
  BUTTON_RESCUE,
} from "../generated/sim.js";

/** What happened in a tick, for everything that is seen, heard or felt. */
export type RaceEvent =
  | { kind: "light"; left: 3 | 2 | 1 }
  | { kind: "go" }
  | { kind: "drift" }
  | { kind: "drift-end" }
  | { kind: "window" }
  | { kind: "mini" }
  | { kind: "nitro"; double: boolean }
  | { kind: "bottle" }
  | { kind: "wall"; speed: number }
  | { kind: "rescue" }
  | { kind: "lap"; lap: number; ticks: number }
  | { kind: "finish"; ticks: number };

const WALL_FELT = 1.5; // m/s into the wall worth showing

/** Compares kart 0 in two successive states and tells what happened between them. */
export function eventsBetween(prev: Float64Array, cur: Float64Array): RaceEvent[] {
  const out: RaceEvent[] = [];
  const was = (field: number): number => prev[HEADER + field]!;
  const is = (field: number): number => cur[HEADER + field]!;
  const began = (field: number): boolean => was(field) === 0 && is(field) !== 0;

  const third = cur[H_COUNTDOWN]! / 3;
  for (const left of [3, 2, 1] as const) {
    if (cur[H_TICK]! === Math.floor(third * (3 - left)) + 1) out.push({ kind: "light", left });
  }
  if (cur[H_TICK]! === cur[H_COUNTDOWN]! + 1) out.push({ kind: "go" });
  if (began(K_DRIFT)) out.push({ kind: "drift" });
  if (was(K_DRIFT) !== 0 && is(K_DRIFT) === 0) out.push({ kind: "drift-end" });
  if (began(K_MINI_WINDOW)) out.push({ kind: "window" });
  if (is(K_MINI_LEFT) > was(K_MINI_LEFT)) out.push({ kind: "mini" });
  if (is(K_NITRO_LEFT) > was(K_NITRO_LEFT)) {
    out.push({ kind: "nitro", double: was(K_MINI_WINDOW) > 0 || is(K_MINI_LEFT) > 0 });
  }
  if (is(K_NITRO_STOCK) > was(K_NITRO_STOCK)) out.push({ kind: "bottle" });
  if (is(K_WALL) > WALL_FELT && was(K_WALL) < WALL_FELT)
    out.push({ kind: "wall", speed: is(K_WALL) });
  if (is(K_BUTTONS) & ~was(K_BUTTONS) & BUTTON_RESCUE) out.push({ kind: "rescue" });
  if (is(K_LAP) > was(K_LAP)) out.push({ kind: "lap", lap: is(K_LAP), ticks: is(K_LAST_LAP) });
  if (began(K_FINISH_TICK)) out.push({ kind: "finish", ticks: is(K_FINISH_TICK) });
  return out;
}

import {
  HEADER,
  H_COUNTDOWN,
  H_TICK,
  KART_STRIDE,
  K_AIR,
  K_BUTTONS,
  K_CONTACT,
  K_DOUBLE_LEFT,
  K_DRIFT,
  K_FINISH_TICK,
  K_LAP,
  K_LAST_LAP,
  K_MINI_LEFT,
  K_MINI_WINDOW,
  K_NITRO_LEFT,
  K_NITRO_STOCK,
  K_PAD_LEFT,
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
  | { kind: "bump"; speed: number }
  | { kind: "jump" }
  | { kind: "land"; ticks: number }
  | { kind: "pad" }
  | { kind: "rescue" }
  | { kind: "lap"; lap: number; ticks: number }
  | { kind: "finish"; ticks: number };

const WALL_FELT = 1.5; // m/s into the wall worth showing

const LANDING_FELT = 8; // ticks in the air before a landing is worth showing

const BUMP_FELT = 1.0; // m/s between two karts worth showing

/** Compares one kart in two successive states and tells what happened between them. */
export function eventsBetween(prev: Float64Array, cur: Float64Array, kart = 0): RaceEvent[] {
  const out: RaceEvent[] = [];
  const base = HEADER + KART_STRIDE * kart;
  const was = (field: number): number => prev[base + field]!;
  const is = (field: number): number => cur[base + field]!;
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
    out.push({ kind: "nitro", double: is(K_DOUBLE_LEFT) > 0 });
  }
  if (is(K_NITRO_STOCK) > was(K_NITRO_STOCK)) out.push({ kind: "bottle" });
  if (is(K_WALL) > WALL_FELT && was(K_WALL) < WALL_FELT)
    out.push({ kind: "wall", speed: is(K_WALL) });
  if (is(K_CONTACT) > BUMP_FELT && was(K_CONTACT) < BUMP_FELT)
    out.push({ kind: "bump", speed: is(K_CONTACT) });
  if (began(K_AIR)) out.push({ kind: "jump" });
  if (was(K_AIR) > LANDING_FELT && is(K_AIR) === 0)
    out.push({ kind: "land", ticks: was(K_AIR) });
  if (is(K_PAD_LEFT) > was(K_PAD_LEFT) && was(K_PAD_LEFT) === 0) out.push({ kind: "pad" });
  if (is(K_BUTTONS) & ~was(K_BUTTONS) & BUTTON_RESCUE) out.push({ kind: "rescue" });
  if (is(K_LAP) > was(K_LAP)) out.push({ kind: "lap", lap: is(K_LAP), ticks: is(K_LAST_LAP) });
  if (began(K_FINISH_TICK)) out.push({ kind: "finish", ticks: is(K_FINISH_TICK) });
  return out;
}

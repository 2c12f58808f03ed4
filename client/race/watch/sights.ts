import { TICKS_PER_SECOND } from "../core/format";
import { STEP, kartAt, spot, ticksIn, type Footage, type Point } from "./footage";

/** Ticks that a landmark is in the picture. */
export const SIGHT = ticksIn(4.5);
const SIGHT_NEAR_M = 130;
const SIGHTS_APART = ticksIn(9);
const AIR_TURN = 0.16; // radians a second

/** A camera in the air that circles the kart, always across it from landmark number `landmark`. */
export interface Sight {
  readonly kind: "landmark";
  readonly from: number;
  readonly landmark: number;
  readonly x: number;
  readonly y: number;
  readonly hover: Hover;
}

/** How the camera in the air hangs: metres beside and above the kart, radians off the line. */
interface Hover {
  readonly back: number;
  readonly up: number;
  readonly aside: number;
}

/** Tried in this order, until one sees the kart all the while. */
const HOVERS: readonly Hover[] = [
  { back: 30, up: 15, aside: 0 },
  { back: 28, up: 18, aside: 0.5 },
  { back: 28, up: 18, aside: -0.5 },
  { back: 26, up: 26, aside: 0 },
  { back: 22, up: 34, aside: 0.4 },
  { back: 22, up: 34, aside: -0.4 },
];

/** Where the camera of a sight hangs, `seconds` from its middle, over a kart at x, y, h. */
export function airEye(sight: Sight, [x, y, h]: Point, seconds: number): Point {
  const { back, up, aside } = sight.hover;
  const away = Math.atan2(y - sight.y, x - sight.x) + aside + seconds * AIR_TURN;
  return [x + Math.cos(away) * back, y + Math.sin(away) * back, h + up];
}

/** When the kart passes a landmark nearest, each shot around that moment, none too soon after another. */
export function sights(footage: Footage, from: number, until: number): Sight[] {
  const passes: { tick: number; near: number; landmark: number }[] = [];
  footage.landmarks.forEach((place, landmark) => {
    const apart = (tick: number): number =>
      Math.hypot(spot(footage, tick, 0) - place.x, spot(footage, tick, 1) - place.y);
    for (let tick = from + STEP; tick < until - STEP; tick += STEP) {
      const near = apart(tick);
      if (near < SIGHT_NEAR_M && near <= apart(tick - STEP) && near < apart(tick + STEP))
        passes.push({ tick, near, landmark });
    }
  });
  const taken: Sight[] = [];
  const times = new Map<number, number>();
  // The nearest first; one that was seen already only when nothing else is left there.
  while (passes.length > 0) {
    passes.sort((a, b) => seen(times, a) - seen(times, b) || a.near - b.near);
    const { tick, landmark } = passes.shift()!;
    const begin = tick - SIGHT / 2;
    const isFree = taken.every((shot) => Math.abs(shot.from - begin) >= SIGHTS_APART);
    if (begin < from || begin + SIGHT > until || !isFree) continue;
    const sight = hang(footage, landmark, begin);
    if (!sight) continue;
    taken.push(sight);
    times.set(landmark, (times.get(landmark) ?? 0) + 1);
  }
  return taken.sort((a, b) => a.from - b.from);
}

/** The landmark's shot from `from` on, hung where it sees the kart all the while, if it can be. */
function hang(footage: Footage, landmark: number, from: number): Sight | null {
  const { x, y } = footage.landmarks[landmark]!;
  for (const hover of HOVERS) {
    const sight: Sight = { kind: "landmark", from, landmark, x, y, hover };
    const isSeen = (part: number): boolean => {
      const kart = kartAt(footage, from + part * SIGHT);
      const eye = airEye(sight, kart, ((part - 0.5) * SIGHT) / TICKS_PER_SECOND);
      return footage.isClear(kart, eye);
    };
    if ([0, 0.2, 0.4, 0.6, 0.8, 1].every(isSeen)) return sight;
  }
  return null;
}

const seen = (times: Map<number, number>, pass: { landmark: number }): number =>
  times.get(pass.landmark) ?? 0;

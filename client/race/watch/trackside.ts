import { SAMPLE_STRIDE, S_WALL_LEFT, S_WALL_RIGHT, TRACK_HEADER } from "../generated/sim.js";
import type { Track } from "../core/track";
import { STEP, kartAt, spot, ticksIn, type Footage, type Point } from "./footage";

const SIDE_LEAST = ticksIn(2.2);
const SIDE_MOST = ticksIn(5);
const SIDE_SEEN_M = 75; // farther away a kart is a speck
const SIDE_PASSED_M = 60;
const SIDE_REST = ticksIn(2);
const EYE_M = 1.7;

/** A camera on the verge; it stands at `eye`. */
export interface Trackside {
  readonly kind: "trackside";
  readonly from: number;
  readonly eye: Point;
}

/** The first camera beside the road that sees the kart long enough. */
export function nextSide(
  footage: Footage,
  from: number,
  until: number,
): { shot: Trackside; until: number } | null {
  for (let middle = from + ticksIn(1.5); middle + ticksIn(0.7) < until; middle += ticksIn(0.5)) {
    const shot = standBeside(footage, middle, from, EYE_M);
    let first = middle;
    while (first - STEP >= from && sees(footage, shot, middle, first - STEP, SIDE_SEEN_M))
      first -= STEP;
    let last = middle;
    while (last + STEP <= until && sees(footage, shot, middle, last + STEP, SIDE_PASSED_M))
      last += STEP;
    last = Math.min(last, first + SIDE_MOST);
    // Two cuts within two seconds would be restless: then the chase stays on.
    if (until - last < SIDE_REST) return null;
    if (last - first >= SIDE_LEAST) return { shot: { ...shot, from: first }, until: last };
  }
  return null;
}

/** A camera on the verge where the kart is at `tick`, on the outside of the bend. */
export function standBeside(footage: Footage, tick: number, from: number, up: number): Trackside {
  const { track } = footage;
  const along = spot(footage, tick, 2);
  const road = track.point(along);
  const side = road.curvature > 0 ? -1 : 1;
  const edge = side > 0 ? road.left : road.right;
  const wall = wallAt(track, along, side);
  const out = side * (edge + 0.6 * Math.max(0.5, wall - edge));
  const x = road.x - road.ty * out;
  const y = road.y + road.tx * out;
  return { kind: "trackside", from, eye: [x, y, road.h + up] };
}

/** Whether a camera that stands where the kart is at `middle` sees it at `tick`, at most so far away. */
function sees(
  footage: Footage,
  shot: Trackside,
  middle: number,
  tick: number,
  most: number,
): boolean {
  const kart = kartAt(footage, tick);
  if (Math.hypot(kart[0] - shot.eye[0], kart[1] - shot.eye[1]) > most) return false;
  return isAlongRoad(footage, shot, middle, tick) || footage.isClear(kart, shot.eye);
}

/** Whether the line of sight stays between the walls, where nothing can stand: known without looking. */
function isAlongRoad(footage: Footage, shot: Trackside, middle: number, tick: number): boolean {
  const { track } = footage;
  const [x, y] = kartAt(footage, tick);
  const [eyeX, eyeY] = shot.eye;
  const start = spot(footage, middle, 2);
  let way = spot(footage, tick, 2) - start;
  if (way > track.n / 2) way -= track.n;
  if (way < -track.n / 2) way += track.n;
  for (let part = 0.1; part < 0.95; part += 0.1) {
    const px = eyeX + (x - eyeX) * part;
    const py = eyeY + (y - eyeY) * part;
    if (!onRoad(track, px, py, start + way * part, Math.abs(way))) return false;
  }
  return true;
}

/** Whether a point lies between the walls, looked for within `reach` samples of `near`. */
function onRoad(track: Track, x: number, y: number, near: number, reach: number): boolean {
  let best = Infinity;
  let at = near;
  for (let i = near - reach / 2 - 2; i <= near + reach / 2 + 2; i++) {
    const road = track.point(i);
    const apart = Math.hypot(road.x - x, road.y - y);
    if (apart < best) [best, at] = [apart, i];
  }
  const road = track.point(at);
  const out = (y - road.y) * road.tx - (x - road.x) * road.ty;
  return Math.abs(out) <= wallAt(track, at, out > 0 ? 1 : -1) + 0.5;
}

/** Metres from the middle of the road to the wall, left for side 1, right for −1. */
function wallAt(track: Track, along: number, side: number): number {
  const i = ((Math.round(along) % track.n) + track.n) % track.n;
  const field = side > 0 ? S_WALL_LEFT : S_WALL_RIGHT;
  return track.table[TRACK_HEADER + SAMPLE_STRIDE * i + field]!;
}

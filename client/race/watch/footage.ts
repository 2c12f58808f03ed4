import { TICKS_PER_SECOND } from "../core/format";
import type { Track } from "../core/track";
import { SPOT } from "./tape";

/** A point: plane position and height in metres. */
export type Point = readonly [x: number, y: number, h: number];

/** What is to be filmed: where the kart is after each tick, and when the race begins and ends. */
export interface Footage {
  path: Float64Array;
  ticks: number;
  countdown: number;
  finish: number;
  track: Track;
  landmarks: readonly { x: number; y: number }[];
  /** Whether nothing built stands between two points. */
  isClear(from: Point, to: Point): boolean;
}

const KART_M = 0.7; // over the road, where a camera looks
/** Ticks between two looks along the path. */
export const STEP = 10;

export const ticksIn = (seconds: number): number => Math.round(seconds * TICKS_PER_SECOND);

/** Where the kart is after `tick` ticks, at the height at which it is looked at. */
export function kartAt(footage: Footage, tick: number): Point {
  const road = footage.track.point(spot(footage, tick, 2));
  return [spot(footage, tick, 0), spot(footage, tick, 1), road.h + KART_M];
}

/** One of the path's numbers: x, y, or samples from the line. */
export const spot = (footage: Footage, tick: number, field: number): number =>
  footage.path[SPOT * Math.max(0, Math.min(footage.ticks, Math.round(tick))) + field]!;

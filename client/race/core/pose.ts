import {
  HEADER,
  KART_STRIDE,
  K_AIR,
  K_BUTTONS,
  K_DRIFT,
  K_DRIFT_CHARGE,
  K_DRAFT_LEFT,
  K_FRAC,
  K_H,
  K_HX,
  K_HY,
  K_LATERAL,
  K_MINI_LEFT,
  K_NITRO_LEFT,
  K_OFF_ROAD,
  K_PAD_LEFT,
  K_SEG,
  K_SLIP,
  K_VH,
  K_VX,
  K_VY,
  K_X,
  K_Y,
  K_YAW,
} from "../generated/sim.js";
import type { Track } from "./track";

/** A kart as it is drawn: between two ticks, in metres, metres a second and radians. */
export interface Pose {
  x: number;
  y: number;
  h: number;
  /** Height of the road under the kart. */
  ground: number;
  hx: number;
  hy: number;
  grade: number;
  /** Along the heading; negative is reversing. */
  speed: number;
  yaw: number;
  slip: number;
  /** −1, 0, +1 (left). */
  drift: number;
  charge: number;
  nitro: boolean;
  mini: boolean;
  /** Pushed by a boost pad, or pulled by a slipstream. */
  swept: boolean;
  /** Ticks off the ground. */
  air: number;
  offRoad: boolean;
  buttons: number;
  /** −1 left … 1 right, smoothed by whoever draws. */
  steer: number;
  /** Samples from the line, with the part of the next. */
  along: number;
  lateral: number;
}

export const newPose = (): Pose => ({
  x: 0,
  y: 0,
  h: 0,
  ground: 0,
  hx: 1,
  hy: 0,
  grade: 0,
  speed: 0,
  yaw: 0,
  slip: 0,
  drift: 0,
  charge: 0,
  nitro: false,
  mini: false,
  swept: false,
  air: 0,
  offRoad: false,
  buttons: 0,
  steer: 0,
  along: 0,
  lateral: 0,
});

/** Farther than this in one tick is a jump (a rescue, a restart), which must not be smeared. */
const JUMP_M = 4;

/** Fills `out` with the kart `alpha` (0..1) of the way from `prev` to `cur`. */
export function interpolate(
  out: Pose,
  prev: Float64Array,
  cur: Float64Array,
  alpha: number,
  kart: number,
  track: Track,
): void {
  const o = HEADER + KART_STRIDE * kart;
  const jump =
    Math.abs(cur[o + K_X]! - prev[o + K_X]!) + Math.abs(cur[o + K_Y]! - prev[o + K_Y]!) > JUMP_M;
  const a = jump ? 1 : alpha;
  const mix = (field: number): number =>
    prev[o + field]! + (cur[o + field]! - prev[o + field]!) * a;
  out.x = mix(K_X);
  out.y = mix(K_Y);
  const hx = mix(K_HX);
  const hy = mix(K_HY);
  const size = Math.hypot(hx, hy) || 1;
  out.hx = hx / size;
  out.hy = hy / size;
  out.speed = mix(K_VX) * out.hx + mix(K_VY) * out.hy;
  out.yaw = mix(K_YAW);
  out.slip = mix(K_SLIP);
  out.lateral = mix(K_LATERAL);
  const from = prev[o + K_SEG]! + prev[o + K_FRAC]!;
  let to = cur[o + K_SEG]! + cur[o + K_FRAC]!;
  if (to - from > track.n / 2) to -= track.n;
  if (from - to > track.n / 2) to += track.n;
  out.along = jump ? to : from + (to - from) * a;
  const road = track.point(out.along);
  out.h = mix(K_H);
  out.ground = road.h;
  out.air = cur[o + K_AIR]!;
  // In the air the nose follows the flight, half as steep as it is.
  out.grade =
    out.air > 0
      ? (0.5 * cur[o + K_VH]!) / Math.max(out.speed, 8)
      : road.grade * (out.hx * road.tx + out.hy * road.ty);
  out.drift = cur[o + K_DRIFT]!;
  out.charge = cur[o + K_DRIFT_CHARGE]!;
  out.nitro = cur[o + K_NITRO_LEFT]! > 0;
  out.mini = cur[o + K_MINI_LEFT]! > 0;
  out.swept = cur[o + K_PAD_LEFT]! > 0 || cur[o + K_DRAFT_LEFT]! > 0;
  out.offRoad = cur[o + K_OFF_ROAD]! > 0;
  out.buttons = cur[o + K_BUTTONS]!;
}

import type { Pose } from "./pose";
import type { Track } from "./track";

const LOOK_M = 9; // and a little more with speed

/** Where the road is a little ahead, as an angle from the heading (radians, right positive). */
export function bearingAhead(pose: Pose, track: Track, seconds = 0.45): number {
  const ahead = (LOOK_M + Math.max(0, pose.speed) * seconds) / track.ds;
  const target = track.point(pose.along + ahead);
  const dx = target.x - pose.x;
  const dy = target.y - pose.y;
  return Math.atan2(dx * pose.hy - dy * pose.hx, dx * pose.hx + dy * pose.hy);
}

/** Steering (−1 … 1) that keeps a finished kart on the road while it rolls out; nothing of it is recorded. */
export function rollOut(pose: Pose, track: Track): number {
  return Math.max(-1, Math.min(1, bearingAhead(pose, track) * 2.2));
}

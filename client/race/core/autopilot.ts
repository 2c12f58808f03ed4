import type { Pose } from "./pose";
import { idleWish, type Wish } from "./quantise";
import type { Track } from "./track";

const LOOK_M = 9; // and a little more with speed
const COOL_DOWN_SPEED = 22; // m/s

/** Where the road is a little ahead, as an angle from the heading (radians, right positive). */
export function bearingAhead(pose: Pose, track: Track, seconds = 0.45): number {
  const ahead = (LOOK_M + Math.max(0, pose.speed) * seconds) / track.ds;
  const target = track.point(pose.along + ahead);
  const dx = target.x - pose.x;
  const dy = target.y - pose.y;
  return Math.atan2(dx * pose.hy - dy * pose.hx, dx * pose.hx + dy * pose.hy);
}

/** Drives the lap of honour after the finish; nothing of it is recorded. */
export function coolDown(pose: Pose, track: Track): Wish {
  const wish = idleWish();
  const bearing = bearingAhead(pose, track);
  wish.steer = Math.max(-1, Math.min(1, bearing * 2.2));
  wish.throttle = pose.speed < COOL_DOWN_SPEED;
  wish.brake = pose.speed > COOL_DOWN_SPEED + 10;
  return wish;
}

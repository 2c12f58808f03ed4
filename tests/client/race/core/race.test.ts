import {
  H_TICK,
  HEADER,
  K_PROGRESS,
  K_X,
  K_Y,
  SAMPLE_STRIDE,
  TRACK_HEADER,
} from "../../../../client/race/generated/sim.js";
import { eventsBetween } from "../../../../client/race/core/events";
import { interpolate, newPose } from "../../../../client/race/core/pose";
import { idleWish } from "../../../../client/race/core/quantise";
import { Ghost, Race } from "../../../../client/race/core/race";
import { decodeReplay } from "../../../../client/race/core/replay";
import { rollOut } from "../../../../client/race/core/autopilot";
import { Track } from "../../../../client/race/core/track";

/** A circle of 100 m radius, driven to the left. */
function ring(): Track {
  const n = 200;
  const radius = 100;
  const table = new Float64Array(TRACK_HEADER + SAMPLE_STRIDE * n);
  table.set([n, (2 * Math.PI * radius) / n, 2 * Math.PI * radius, 8]);
  for (let i = 0; i < n; i++) {
    const a = (i / n) * 2 * Math.PI;
    table.set(
      [
        radius * Math.cos(a),
        radius * Math.sin(a),
        -Math.sin(a),
        Math.cos(a),
        7,
        7,
        9,
        9,
        0,
        0,
        1 / radius,
        0,
      ],
      TRACK_HEADER + SAMPLE_STRIDE * i,
    );
  }
  return new Track(table, "0123456789abcdef");
}

/** Drives a whole race with the wheel towards the road ahead. */
function driven(ghost: Ghost | null = null): { race: Race; kinds: string[] } {
  const race = new Race(ring(), 1, ghost);
  const pose = newPose();
  const wish = { ...idleWish(), throttle: true };
  const kinds: string[] = [];
  for (let t = 0; t < 3000 && race.finishTicks === 0; t++) {
    interpolate(pose, race.driven.prev, race.driven.cur, 1, 0, race.track);
    wish.steer = rollOut(pose, race.track);
    kinds.push(...race.step(wish).map((event) => event.kind));
  }
  return { race, kinds };
}

test("a race is counted down, driven and finished, in this order", () => {
  const { kinds } = driven();
  expect(kinds.filter((kind) => ["light", "go", "lap", "finish"].includes(kind))).toEqual([
    "light",
    "light",
    "light",
    "go",
    "lap",
    "finish",
  ]);
});

test("the replay of a race is that race: its ghost ends where and when it ended", () => {
  const { race } = driven();
  const ghost = new Ghost(decodeReplay(race.replay()), "me", race.track, K_PROGRESS);
  expect(ghost.finishTicks).toBe(race.finishTicks);
  const again = driven(ghost).race;
  expect(Array.from(ghost.driven.cur)).toEqual(Array.from(again.driven.cur));
  expect(ghost.tickAt(again.field(K_PROGRESS))).toBeCloseTo(again.tick - 1, 0);
});

test("nothing after the finish is in the replay", () => {
  const { race } = driven();
  const before = race.replay();
  for (let t = 0; t < 60; t++) race.step({ ...idleWish(), steer: 1, throttle: true });
  expect(race.replay()).toEqual(before);
});

test("lap times add up to the time of the race", () => {
  const { race } = driven();
  expect(race.lapMs.reduce((a, b) => a + b)).toBe(race.lineMs[race.lineMs.length - 1]);
});

test("a pose lies between two ticks, but a rescue is not smeared across the road", () => {
  const { race } = driven();
  const { prev, cur } = race.driven;
  const pose = newPose();
  interpolate(pose, prev, cur, 0.5, 0, race.track);
  expect(pose.x).toBeCloseTo((prev[HEADER + K_X]! + cur[HEADER + K_X]!) / 2, 9);
  const jumped = cur.slice();
  jumped[HEADER + K_X]! += 30;
  interpolate(pose, prev, jumped, 0.5, 0, race.track);
  expect(pose.x).toBe(jumped[HEADER + K_X]);
  expect(pose.y).toBe(jumped[HEADER + K_Y]);
});

test("a state compared with itself tells of nothing", () => {
  const { race } = driven();
  expect(race.driven.cur[H_TICK]).toBeGreaterThan(180);
  expect(eventsBetween(race.driven.cur, race.driven.cur)).toEqual([]);
});

import {
  HEADER,
  KART_STRIDE,
  K_FINISH_TICK,
  SAMPLE_STRIDE,
  S_ROAD_LEFT,
  S_ROAD_RIGHT,
  S_TX,
  S_TY,
  S_X,
  S_Y,
  TRACK_HEADER,
} from "../../../../client/race/generated/sim.js";
import {
  PLAN_HEADER,
  PLAN_WIDTH,
  P_CURVATURE,
  P_DRIFT_LIMIT,
  P_LIMIT,
  P_ROAD_LEFT,
  P_ROAD_RIGHT,
  P_STEP,
  P_TX,
  P_TY,
  P_X,
  P_Y,
} from "../../../../client/race/generated/drivers.js";
import { idleWish } from "../../../../client/race/core/quantise";
import { Race } from "../../../../client/race/core/race";
import { LEVELS, Rivals, planFromBytes } from "../../../../client/race/core/rivals";
import { Track } from "../../../../client/race/core/track";

const N = 200;
const RADIUS = 100;

/** A circle driven to the left. */
function ring(): Track {
  const table = new Float64Array(TRACK_HEADER + SAMPLE_STRIDE * N);
  table.set([N, (2 * Math.PI * RADIUS) / N, 2 * Math.PI * RADIUS, 8]);
  for (let i = 0; i < N; i++) {
    const a = (i / N) * 2 * Math.PI;
    const [c, s] = [Math.cos(a), Math.sin(a)];
    const row = [RADIUS * c, RADIUS * s, -s, c, 7, 7, 9, 9, 0, 0, 1 / RADIUS, 0];
    table.set(row, TRACK_HEADER + SAMPLE_STRIDE * i);
  }
  return new Track(table, "0123456789abcdef");
}

/** The centreline as a plan, at the speed the tyres hold. */
function plan(track: Track): Float64Array {
  const table = new Float64Array(PLAN_HEADER + PLAN_WIDTH * track.n);
  table[0] = track.n;
  for (let i = 0; i < track.n; i++) {
    const from = TRACK_HEADER + SAMPLE_STRIDE * i;
    const to = PLAN_HEADER + PLAN_WIDTH * i;
    for (const [p, s] of [
      [P_X, S_X],
      [P_Y, S_Y],
      [P_TX, S_TX],
      [P_TY, S_TY],
      [P_ROAD_LEFT, S_ROAD_LEFT],
      [P_ROAD_RIGHT, S_ROAD_RIGHT],
    ] as const)
      table[to + p] = track.table[from + s]!;
    table[to + P_CURVATURE] = 1 / RADIUS;
    table[to + P_STEP] = track.ds;
    table[to + P_LIMIT] = table[to + P_DRIFT_LIMIT] = 48;
  }
  return table;
}

function race(names: string[], level: (typeof LEVELS)[number] = "club"): Race {
  const track = ring();
  return new Race(track, 2, null, new Rivals(plan(track), names, level, 7));
}

function run(running: Race, ticks: number): Race {
  for (let t = 0; t < ticks; t++) running.step(idleWish());
  return running;
}

const finishTick = (running: Race, kart: number): number =>
  running.driven.cur[HEADER + KART_STRIDE * kart + K_FINISH_TICK]!;

test("the player stands behind all rivals and is last while nobody touches the wheel", () => {
  const running = race(["Ada", "Bo", "Cy"]);
  expect(running.kart).toBe(3);
  run(running, 900);
  expect(running.standings?.placeOf(3)).toBe(4);
  expect(running.standings?.ahead(running.standings.order[0]!)).toBeNull();
  expect(running.standings?.behind(3)).toBeNull();
});

test.each(LEVELS)("rivals of the level %s finish, and their places follow their times", (level) => {
  const running = run(race(["Ada", "Bo", "Cy"], level), 5400);
  const { order, finishMs } = running.standings!;
  for (const kart of [0, 1, 2]) expect(finishTick(running, kart)).toBeGreaterThan(0);
  const times = order.slice(0, 3).map((kart) => finishMs[kart]!);
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect(order[3]).toBe(3);
  expect(finishMs[3]).toBeNull();
});

test("a gap is the time since the one in front was where the other is", () => {
  const running = run(race(["Ada", "Bo"], "master"), 900);
  const [first, second] = running.standings!.order as [number, number];
  const gap = running.standings!.gap(first, second)!;
  expect(gap).toBeGreaterThan(0);
  expect(gap).toBeLessThan(3);
  expect(running.standings!.gap(second, first)).toBeNull();
});

test("the same seed drives the same race, and a restart another", () => {
  const states = [7, 7].map((seed) => {
    const track = ring();
    const rivals = new Rivals(plan(track), ["Ada"], "novice", seed);
    const once = run(new Race(track, 1, null, rivals), 600).driven.cur.slice();
    return [once, run(new Race(track, 1, null, rivals), 600).driven.cur.slice()] as const;
  });
  expect(states[0]![0]).toEqual(states[1]![0]);
  expect(states[0]![1]).toEqual(states[1]![1]);
  expect(states[0]![0]).not.toEqual(states[0]![1]);
});

test("a field is one to seven, and a plan is whole", () => {
  expect(() => race([])).toThrow("a race has 1 to 7 rivals: 0");
  expect(() => race(Array.from({ length: 8 }, String))).toThrow("a race has 1 to 7 rivals: 8");
  expect(() => planFromBytes(new ArrayBuffer(6))).toThrow("the plan is cut: 6 bytes");
  expect(planFromBytes(Float32Array.of(1.5, -2).buffer)).toEqual(Float64Array.of(1.5, -2));
});

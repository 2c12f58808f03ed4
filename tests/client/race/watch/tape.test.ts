import {
  HEADER,
  K_X,
  K_Y,
  SAMPLE_STRIDE,
  SIM_VERSION,
  TRACK_HEADER,
} from "../../../../client/race/generated/sim.js";
import { rollOut } from "../../../../client/race/core/autopilot";
import { interpolate, newPose } from "../../../../client/race/core/pose";
import { idleWish } from "../../../../client/race/core/quantise";
import { Race } from "../../../../client/race/core/race";
import { decodeReplay, type Replay } from "../../../../client/race/core/replay";
import { Track } from "../../../../client/race/core/track";
import type { Footage, Point } from "../../../../client/race/watch/footage";
import { planShots, shotAt } from "../../../../client/race/watch/shots";
import { airEye } from "../../../../client/race/watch/sights";
import { KEPT_EVERY, SPOT, Tape, TapeError } from "../../../../client/race/watch/tape";

const RADIUS = 150;

/** A circle of 150 m radius, driven to the left. */
function ring(): Track {
  const n = 300;
  const table = new Float64Array(TRACK_HEADER + SAMPLE_STRIDE * n);
  table.set([n, (2 * Math.PI * RADIUS) / n, 2 * Math.PI * RADIUS, 8]);
  for (let i = 0; i < n; i++) {
    const a = (i / n) * 2 * Math.PI;
    const [c, s] = [Math.cos(a), Math.sin(a)];
    const row = [RADIUS * c, RADIUS * s, -s, c, 7, 7, 10, 10, 0, 0, 1 / RADIUS, 0];
    table.set(row, TRACK_HEADER + SAMPLE_STRIDE * i);
  }
  return new Track(table, "0123456789abcdef");
}

const track = ring();
const { race, states } = driven();
const replay: Replay = decodeReplay(race.replay());

/** A race over two laps, and where the kart was after each tick. */
function driven(): { race: Race; states: [number, number][] } {
  const one = new Race(track, 2, null);
  const pose = newPose();
  const wish = { ...idleWish(), throttle: true };
  const at = (): [number, number] => [one.field(K_X), one.field(K_Y)];
  const all = [at()];
  while (one.finishTicks === 0 && all.length < 9000) {
    interpolate(pose, one.driven.prev, one.driven.cur, 1, 0, track);
    wish.steer = rollOut(pose, track);
    one.step(wish);
    all.push(at());
  }
  return { race: one, states: all };
}

const place = (tape: Tape): [number, number] => [tape.field(K_X), tape.field(K_Y)];

describe("a tape", () => {
  it("plays what was driven, tick by tick, and tells the same times", () => {
    const tape = new Tape(replay, track);
    expect(tape.now).toBe(0);
    const kinds: string[] = [];
    for (let tick = 1; tick <= replay.nTicks; tick++) {
      kinds.push(...tape.forward().map((event) => event.kind));
      expect(place(tape)).toEqual(states[tick]);
    }
    expect(kinds.filter((kind) => kind === "go")).toHaveLength(1);
    expect(kinds.filter((kind) => kind === "lap" || kind === "finish").length).toBeGreaterThan(1);
    expect(tape.lapMs).toEqual(race.lapMs);
    expect(tape.finishTicks).toBe(race.finishTicks);
  });

  it("jumps to any tick, forwards and backwards, into the very state that playing reaches", () => {
    const tape = new Tape(replay, track);
    for (const tick of [700, 3, KEPT_EVERY, KEPT_EVERY - 1, replay.nTicks, 0, 701, 702, 699]) {
      tape.seek(tick);
      expect(tape.now).toBe(tick);
      expect(place(tape)).toEqual(states[tick]);
      expect(tape.lineMs).toHaveLength(tape.crossings.filter((one) => one.tick <= tick).length);
    }
    tape.forward();
    expect(place(tape)).toEqual(states[700]);
  });

  it("jumps by the kept state before, not by driving everything again", () => {
    const tape = new Tape(replay, track);
    const far = replay.nTicks - 1;
    tape.seek(0);
    const begun = Math.floor(far / KEPT_EVERY) * KEPT_EVERY;
    const before = tape.driven.prev;
    tape.seek(begun);
    // Landing on a kept state runs no tick at all, so both states are that one.
    expect(before[HEADER + K_X]).toBe(states[begun]![0]);
    expect(tape.driven.cur[HEADER + K_X]).toBe(states[begun]![0]);
  });

  it("bounds a jump, rolls out after the finish and then stands still", () => {
    const tape = new Tape(replay, track);
    tape.seek(-50);
    expect(tape.now).toBe(0);
    tape.seek(1e9);
    expect(tape.now).toBe(tape.ticks);
    expect(tape.ticks).toBe(replay.nTicks + 180);
    expect(tape.isOver).toBe(true);
    const last = place(tape);
    expect(tape.forward()).toEqual([]);
    expect(place(tape)).toEqual(last);
    expect(Math.abs(Math.hypot(...last) - RADIUS)).toBeLessThan(8);
  });

  it("refuses what it cannot show truly, and says why", () => {
    const why = (change: Partial<Replay>): string => {
      try {
        new Tape({ ...replay, ...change }, track);
      } catch (error) {
        if (error instanceof TapeError) return error.why;
      }
      return "";
    };
    expect(why({})).toBe("");
    expect(why({ trackId: "00".repeat(8) })).toBe("other-road");
    expect(why({ simVersion: "00000000" })).toBe("other-rules");
    expect(SIM_VERSION.slice(0, 8)).toBe(replay.simVersion);
    expect(why({ karts: [replay.karts[0]!, replay.karts[0]!] })).toBe("karts");
    const swerved = replay.karts[0]!.slice();
    swerved[800] = -100;
    expect(why({ karts: [swerved] })).toBe("untrue");
  });
});

describe("the cuts", () => {
  const tape = new Tape(replay, track);
  const landmarks = [
    { x: RADIUS + 60, y: 0 },
    { x: -RADIUS - 70, y: 0 },
    { x: 5000, y: 0 },
  ];
  const footage = (isClear: Footage["isClear"] = () => true): Footage => ({
    path: tape.path,
    ticks: tape.ticks,
    countdown: tape.countdown,
    finish: tape.crossings.at(-1)!.tick,
    track,
    landmarks,
    isClear,
  });
  const kartAt = (tick: number): Point => [tape.path[SPOT * tick]!, tape.path[SPOT * tick + 1]!, 0];

  it("begin on the grid, end at the line, and are never shorter than two seconds", () => {
    const shots = planShots(footage());
    expect(shots[0]).toEqual({ kind: "grid", from: 0 });
    expect(shots.at(-1)!.kind).toBe("trackside");
    expect(new Set(shots.map((shot) => shot.kind)).size).toBe(4);
    const ends = [...shots.slice(1).map((shot) => shot.from), tape.ticks];
    shots.forEach((shot, i) => expect(ends[i]! - shot.from).toBeGreaterThanOrEqual(120));
  });

  it("depend on the tick alone", () => {
    const shots = planShots(footage());
    for (const [i, shot] of shots.entries()) {
      expect(shotAt(shots, shot.from)).toBe(shot);
      if (i > 0) expect(shotAt(shots, shot.from - 1)).toBe(shots[i - 1]);
    }
    expect(planShots(footage())).toEqual(shots);
  });

  it("stand beside the road, within the walls, and near enough to see", () => {
    for (const shot of planShots(footage())) {
      if (shot.kind !== "trackside") continue;
      const fromMiddle = Math.hypot(shot.eye[0], shot.eye[1]);
      // On the outside of the bend: it turns left, so to the right, beyond the road's edge.
      expect(fromMiddle).toBeGreaterThan(RADIUS + 7);
      expect(fromMiddle).toBeLessThan(RADIUS + 10);
    }
  });

  it("show a landmark across the kart, and none that is too far", () => {
    const sights = planShots(footage()).filter((shot) => shot.kind === "landmark");
    expect(new Set(sights.map((shot) => shot.landmark))).toEqual(new Set([0, 1]));
    for (const sight of sights) {
      const kart = kartAt(sight.from + 135);
      const eye = airEye(sight, kart, 0);
      const eyeward = [eye[0] - kart[0], eye[1] - kart[1]] as const;
      const across = eyeward[0] * (sight.x - kart[0]) + eyeward[1] * (sight.y - kart[1]);
      expect(across).toBeLessThan(0);
    }
  });

  it("leave out a camera whose view is blocked, and hang higher where that helps", () => {
    const blind = planShots(footage(() => false));
    expect(blind.filter((shot) => shot.kind === "landmark")).toEqual([]);
    const low = planShots(footage((_kart, eye) => eye[2] > 25));
    const sights = low.filter((shot) => shot.kind === "landmark");
    expect(sights.length).toBeGreaterThan(0);
    for (const sight of sights) expect(sight.hover.up).toBeGreaterThan(24);
  });
});

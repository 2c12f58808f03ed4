import { Conductor, SLICE_TICKS, type Cue } from "../../../../client/race/audio/music/conductor";
import { ordersOf, zoneOf } from "../../../../client/race/audio/music/samples";
import type { Score } from "../../../../client/race/audio/music/score";

const PPQ = 96;
const BAR = 4 * PPQ;
const SLICES = BAR / SLICE_TICKS;

/** One crotchet pattern a section: `pitch` tells which section plays. */
function section(bars: number, pitch: number): Score["sections"][string] {
  const notes: number[] = [];
  for (let k = 0; k < bars * 4; k++) notes.push(k === 0 ? 0 : PPQ, pitch, PPQ, 100);
  return { bars, tracks: [{ part: 0, notes }] };
}

function score(form: Partial<Score["form"]> = {}): Score {
  return {
    format: 1,
    slug: "test",
    bpm: 120,
    metre: [4, 4],
    ppq: PPQ,
    gain: 0,
    rush: 1.25,
    lift: 2,
    drums: [],
    parts: [{ slug: "tune", instrument: "cornet", gain: 0, pan: 0, room: 0, layer: "base" }],
    sections: { a: section(2, 60), b: section(1, 62), end: section(1, 72), quick: section(1, 65) },
    form: {
      intro: [],
      countdown: [],
      loop: ["a", "b"],
      "last-lap": [],
      finish: ["end"],
      results: ["b"],
      ...form,
    },
  };
}

function bars(conductor: Conductor, count: number): Cue[][] {
  return Array.from({ length: count }, () => {
    const cues: Cue[] = [];
    for (let k = 0; k < SLICES; k++) cues.push(...conductor.step().cues);
    return cues;
  });
}

const pitches = (bar: Cue[]): number[] => bar.map((cue) => cue.pitch);

describe("the conductor", () => {
  it("plays the loop round and round, every note once", () => {
    const conductor = new Conductor(score());
    conductor.start("loop");
    const heard = bars(conductor, 6).map(pitches);
    expect(heard).toEqual([60, 60, 62, 60, 60, 62].map((pitch) => [pitch, pitch, pitch, pitch]));
  });

  it("times notes by the tempo", () => {
    const conductor = new Conductor(score());
    conductor.start("loop");
    const { cues, seconds } = conductor.step();
    expect(seconds).toBeCloseTo(0.125);
    expect(cues).toHaveLength(1);
    expect(cues[0]!.seconds).toBeCloseTo(0.5);
    expect(cues[0]!.loud).toBeCloseTo(100 / 127);
  });

  it("takes the last lap at the next pair of bars, faster and higher", () => {
    const conductor = new Conductor(score({ loop: ["a"] }));
    conductor.start("loop");
    bars(conductor, 1);
    conductor.lastLap();
    expect(pitches(bars(conductor, 1)[0]!)).toEqual([60, 60, 60, 60]);
    expect(conductor.rushing).toBe(false);
    const slice = conductor.step();
    expect(conductor.rushing).toBe(true);
    expect(slice.cues[0]!.pitch).toBe(62);
    expect(slice.seconds).toBeCloseTo(0.125 / 1.25);
  });

  it("goes to the last lap's own sections where there are any", () => {
    const conductor = new Conductor(score({ "last-lap": ["quick"] }));
    conductor.start("loop");
    conductor.lastLap();
    expect(pitches(bars(conductor, 2)[1]!)).toEqual([67, 67, 67, 67]);
    conductor.start("loop");
    expect(conductor.rushing).toBe(false);
  });

  it("plays a finish once and says that it has ended", () => {
    const conductor = new Conductor(score());
    conductor.start("finish");
    const ends = Array.from({ length: SLICES }, () => conductor.step().ended);
    expect(ends.indexOf(true)).toBe(SLICES - 1);
    expect(conductor.playing).toBeNull();
    expect(conductor.step()).toMatchObject({ cues: [], ended: true });
  });

  it("plays what goes round only once when asked, and is silent where there is nothing", () => {
    const conductor = new Conductor(score());
    conductor.start("results", { once: true });
    bars(conductor, 1);
    expect(conductor.playing).toBeNull();
    conductor.start("intro");
    expect(conductor.step().ended).toBe(true);
  });

  it("can begin some bars into a form", () => {
    const conductor = new Conductor(score());
    conductor.start("loop", { skipBars: 2 });
    expect(pitches(bars(conductor, 1)[0]!)).toEqual([62, 62, 62, 62]);
  });
});

describe("samples", () => {
  it("are ordered once for all notes near each other, and again for the lift", () => {
    const keys = ordersOf(score()).map((order) => order.key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys).toContain(`cornet@${zoneOf(60)}`);
    expect(zoneOf(61)).toBe(60);
    expect(zoneOf(62)).toBe(63);
    expect(ordersOf(score(), 2).some((order) => order.midi === zoneOf(74))).toBe(true);
  });
});

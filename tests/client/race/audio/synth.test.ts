import { DRUM_RATE, Dice, RATE, hertz } from "../../../../client/race/audio/synth/dsp";
import { DRUMS, renderDrum } from "../../../../client/race/audio/synth/drums";
import { INSTRUMENTS } from "../../../../client/race/audio/synth/instruments";
import { LONGEST_S, renderOrder } from "../../../../client/race/audio/synth/note";
import { BARKS, VARIANTS, renderBark } from "../../../../client/race/audio/synth/voice";

const ORDINARY = { pitch: 200, size: 1, rough: 0.1, breath: 0.1, lilt: 1, pace: 1 };

/** Hz of the strongest period, by autocorrelation between 0.45 and 2.2 times what is expected. */
function pitchOf(data: Float32Array, expected: number, rate = RATE): number {
  const from = Math.floor(rate * 0.15);
  const width = Math.floor((rate / expected) * 12);
  let best = 0;
  let lagBest = 1;
  const correlate = (lag: number): number => {
    let sum = 0;
    for (let i = from; i < from + width; i++) sum += data[i]! * data[i + lag]!;
    return sum;
  };
  for (let lag = Math.floor(rate / expected / 1.3); lag <= Math.ceil((rate / expected) * 1.3); lag++) {
    const sum = correlate(lag);
    if (sum > best) [best, lagBest] = [sum, lag];
  }
  const [a, b, c] = [correlate(lagBest - 1), best, correlate(lagBest + 1)];
  return rate / (lagBest + (a - c) / (2 * (a - 2 * b + c)));
}

const order = (instrument: string, midi: number, seconds: number) => ({
  key: "k",
  instrument,
  midi,
  seconds,
});

describe("instruments", () => {
  for (const [name, midi] of [
    ["cornet", 70], ["tuba", 41], ["fiddle", 69], ["guitar", 52], ["harp", 64], ["bass-guitar", 40],
    ["piano", 60], ["steelpan", 67], ["choir", 57], ["organ", 60], ["whistle", 81], ["sub", 40],
  ] as const)
    it(`${name} is in tune`, () => {
      const { data } = renderOrder(order(name, midi, 0.9));
      expect(Math.abs(1200 * Math.log2(pitchOf(data, hertz(midi)) / hertz(midi)))).toBeLessThan(18);
    });

  it("all sound, stay within the scale and end without a click", () => {
    for (const name of Object.keys(INSTRUMENTS)) {
      const { data } = renderOrder(order(name, 60, 0.5));
      const peak = data.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
      expect(peak, name).toBeGreaterThan(0.05);
      expect(peak, name).toBeLessThanOrEqual(0.951);
      expect(Math.abs(data[data.length - 1]!), name).toBeLessThan(0.01);
      expect(data.every(Number.isFinite), name).toBe(true);
    }
  });

  it("render the same twice", () => {
    expect(renderOrder(order("fiddle", 69, 0.4)).data).toEqual(renderOrder(order("fiddle", 69, 0.4)).data);
    expect(new Dice(5).next()).toBe(new Dice(5).next());
  });

  it("hold long notes by a loop that closes smoothly", () => {
    const { data, loop, rate } = renderOrder(order("strings", 60, 9));
    expect(data.length / rate).toBeCloseTo(LONGEST_S, 2);
    const [from, to] = loop!.map((seconds) => Math.round(seconds * rate)) as [number, number];
    let step = 0;
    for (let i = from; i < to - 1; i++) step = Math.max(step, Math.abs(data[i + 1]! - data[i]!));
    expect(Math.abs(data[from]! - data[to - 1]!)).toBeLessThanOrEqual(step * 1.1);
  });
});

describe("drums and voices", () => {
  it("every drum sounds and dies away", () => {
    for (const voice of Object.keys(DRUMS)) {
      const data = renderDrum(voice);
      const peak = data.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
      expect(peak, voice).toBeCloseTo(DRUMS[voice]![1], 2);
      expect(Math.abs(data[data.length - 1]!), voice).toBe(0);
    }
  });

  it("every cry differs from the others, and a small throat from a big one", () => {
    const cries = BARKS.flatMap((kind) =>
      Array.from({ length: VARIANTS }, (_, k) => renderBark(kind, k, ORDINARY)),
    );
    expect(new Set(cries.map((cry) => cry.length)).size).toBeGreaterThan(BARKS.length);
    const zeros = (data: Float32Array): number =>
      data.reduce((n, x, i) => n + (i > 0 && x * data[i - 1]! < 0 ? 1 : 0), 0) / data.length;
    const small = renderBark("happy", 0, { ...ORDINARY, size: 1.4 });
    const big = renderBark("happy", 0, { ...ORDINARY, size: 0.8 });
    expect(zeros(small)).toBeGreaterThan(zeros(big));
    expect(small.length / DRUM_RATE).toBeCloseTo(0.5, 1);
  });
});

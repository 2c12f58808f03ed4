import type { VoiceFacts } from "../../core/edition";
import { DRUM_RATE, Dice, TAU } from "./dsp";

export type BarkKind = "happy" | "ouch" | "boost" | "win" | "lose";

/** Mean formants of men's vowels, Hz: Peterson and Barney, JASA 24 (1952); the fourth is ours. */
const VOWELS = {
  a: [730, 1090, 2440, 3400],
  e: [530, 1840, 2480, 3500],
  i: [270, 2290, 3010, 3600],
  o: [570, 840, 2410, 3300],
  u: [300, 870, 2240, 3200],
} as const;
type Vowel = keyof typeof VOWELS;

/** [share of the cry's time, pitch beside the voice's own, vowel, loudness]. */
type Point = [number, number, Vowel, number];

/** Each kind twice, so that nobody says the same twice in a row. */
const CRIES: Record<BarkKind, { seconds: number; points: Point[] }[]> = {
  happy: [
    { seconds: 0.5, points: [[0, 1, "i", 0], [0.1, 1.15, "a", 1], [0.4, 1.3, "a", 0.9], [0.5, 1.2, "i", 0.35], [0.6, 1.5, "e", 1], [1, 1.25, "i", 0]] },
    { seconds: 0.42, points: [[0, 1.1, "u", 0], [0.12, 1.2, "u", 0.9], [0.5, 1.55, "e", 1], [1, 1.4, "i", 0]] },
  ],
  ouch: [
    { seconds: 0.34, points: [[0, 1.35, "a", 0], [0.06, 1.4, "a", 1], [0.5, 1.1, "o", 0.8], [1, 0.75, "u", 0]] },
    { seconds: 0.28, points: [[0, 1.2, "o", 0], [0.07, 1.25, "o", 1], [0.4, 0.95, "u", 0.7], [1, 0.8, "u", 0]] },
  ],
  boost: [
    { seconds: 0.55, points: [[0, 0.85, "u", 0], [0.15, 1, "u", 0.9], [0.7, 1.65, "u", 1], [1, 1.75, "i", 0]] },
    { seconds: 0.5, points: [[0, 1, "i", 0], [0.08, 1.2, "i", 0.8], [0.3, 1.6, "e", 1], [0.8, 1.7, "a", 0.8], [1, 1.5, "a", 0]] },
  ],
  win: [
    { seconds: 0.95, points: [[0, 1, "i", 0], [0.06, 1.2, "a", 1], [0.22, 1.25, "a", 0.7], [0.28, 1.2, "u", 0.2], [0.36, 1.4, "a", 1], [0.5, 1.45, "a", 0.7], [0.56, 1.4, "u", 0.2], [0.66, 1.8, "a", 1], [0.9, 1.7, "a", 0.8], [1, 1.55, "a", 0]] },
    { seconds: 0.8, points: [[0, 1.1, "u", 0], [0.1, 1.2, "u", 0.9], [0.3, 1.3, "u", 0.4], [0.4, 1.7, "i", 1], [0.8, 1.75, "i", 0.9], [1, 1.5, "i", 0]] },
  ],
  lose: [
    { seconds: 0.7, points: [[0, 1, "o", 0], [0.1, 1.05, "o", 0.9], [0.5, 0.85, "a", 0.7], [1, 0.62, "u", 0]] },
    { seconds: 0.62, points: [[0, 0.95, "a", 0], [0.12, 1, "a", 0.8], [0.6, 0.75, "o", 0.7], [1, 0.6, "u", 0]] },
  ],
};

export const BARKS = Object.keys(CRIES) as BarkKind[];
export const VARIANTS = 2;

/**
 * A short cry without words: a glottal pulse through four resonances that glide between vowels.
 *
 * The voice's `pitch` is in Hz; a `size` above 1 is a smaller throat, below 1 a bigger one.
 */
export function renderBark(kind: BarkKind, variant: number, voice: VoiceFacts): Float32Array {
  const cry = CRIES[kind][variant % VARIANTS]!;
  const length = Math.round((cry.seconds / voice.pace) * DRUM_RATE);
  const out = new Float32Array(length);
  const dice = new Dice(kind.length * 17 + variant);
  const throats = [0, 1, 2, 3].map(() => ({ y1: 0, y2: 0 }));
  let phase = 0;
  let jitter = 0;
  let soft = 0;
  for (let i = 0; i < length; i++) {
    const now = shape(cry.points, i / length);
    const bend = 1 + (now.pitch - 1) * voice.lilt;
    phase += (voice.pitch * bend * (1 + jitter)) / DRUM_RATE;
    if (phase >= 1) {
      phase -= 1;
      jitter = dice.signed() * 0.06 * voice.rough;
    }
    // Rosenberg's glottal pulse (JASA 49, 1971): opens slowly, closes fast, rests.
    const flow = phase < 0.4 ? 0.5 - 0.5 * Math.cos((Math.PI * phase) / 0.4) : phase < 0.58 ? Math.cos((Math.PI / 2) * ((phase - 0.4) / 0.18)) : 0;
    const air = dice.signed() * voice.breath * (0.15 + 0.5 * flow);
    const source = flow + air;
    const edge = source - soft;
    soft = source;
    let sum = 0;
    throats.forEach((throat, k) => {
      const hz = now.formants[k]! * voice.size;
      const width = (60 + 40 * k) * (1 + voice.breath);
      const r = Math.exp((-Math.PI * width) / DRUM_RATE);
      const y = edge * (1 - r) + 2 * r * Math.cos((TAU * hz) / DRUM_RATE) * throat.y1 - r * r * throat.y2;
      throat.y2 = throat.y1;
      throat.y1 = y;
      sum += y * [1, 0.75, 0.4, 0.25][k]! * (k % 2 ? -1 : 1);
    });
    out[i] = sum * now.loud;
  }
  return out;
}

function shape(points: Point[], at: number): { pitch: number; formants: number[]; loud: number } {
  let k = 0;
  while (k < points.length - 2 && points[k + 1]![0] <= at) k++;
  const [from, to] = [points[k]!, points[k + 1]!];
  const part = Math.min(1, Math.max(0, (at - from[0]) / (to[0] - from[0])));
  const ease = part * part * (3 - 2 * part);
  const blend = (a: number, b: number): number => a + (b - a) * ease;
  return {
    pitch: blend(from[1], to[1]),
    formants: VOWELS[from[2]].map((hz, n) => blend(hz, VOWELS[to[2]][n]!)),
    loud: blend(from[3], to[3]),
  };
}

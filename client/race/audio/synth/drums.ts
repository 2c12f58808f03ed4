import { DRUM_RATE, Dice, TAU, filtered, type FilterKind } from "./dsp";

type Chain = [FilterKind, number, number, number?][];
type Maker = (dice: Dice) => Float32Array;

const blank = (seconds: number): Float32Array => new Float32Array(Math.round(seconds * DRUM_RATE));

/** A drumhead: a tone that falls from one pitch to another and dies. */
function head(seconds: number, from: number, to: number, fall: number, ring: number, click = 0): Float32Array {
  const out = blank(seconds);
  let phase = 0;
  for (let i = 0; i < out.length; i++) {
    const t = i / DRUM_RATE;
    phase += (to + (from - to) * Math.exp(-t / fall)) / DRUM_RATE;
    const rise = Math.min(1, t / 0.0012);
    out[i] = Math.sin(TAU * phase) * Math.exp(-t / ring) * rise + click * Math.exp(-t / 0.0015) * Math.sin(TAU * 1800 * t);
  }
  return out;
}

/** Noise through filters, dying away; `rolls` strokes close together make a clap or a flam. */
function hiss(dice: Dice, seconds: number, ring: number, chain: Chain, rolls = 1, apart = 0.01): Float32Array {
  const out = blank(seconds);
  for (let i = 0; i < out.length; i++) {
    const t = i / DRUM_RATE;
    let loud = 0;
    for (let k = 0; k < rolls; k++) {
      const since = t - k * apart;
      if (since >= 0) loud += Math.exp(-since / (k === rolls - 1 ? ring : apart * 0.45));
    }
    out[i] = dice.signed() * loud;
  }
  return filtered(out, DRUM_RATE, ...chain);
}

/** Six square waves that share no harmonics, as cheap cymbals were once made of. */
function metal(dice: Dice, seconds: number, ring: number, base: number, chain: Chain, noise = 0.6): Float32Array {
  const out = blank(seconds);
  const ratios = [1, 1.342, 1.2312, 1.6532, 1.9523, 2.1523];
  for (let i = 0; i < out.length; i++) {
    const t = i / DRUM_RATE;
    let sum = 0;
    for (const ratio of ratios) sum += (base * ratio * t) % 1 < 0.5 ? 1 : -1;
    out[i] = (sum / 6 + noise * dice.signed()) * Math.exp(-t / ring);
  }
  return filtered(out, DRUM_RATE, ...chain);
}

function mix(...parts: [Float32Array, number][]): Float32Array {
  const out = new Float32Array(Math.max(...parts.map(([part]) => part.length)));
  for (const [part, loud] of parts) for (let i = 0; i < part.length; i++) out[i]! += part[i]! * loud;
  return out;
}

const hard = (data: Float32Array, drive: number): Float32Array => {
  for (let i = 0; i < data.length; i++) data[i] = Math.tanh(data[i]! * drive);
  return data;
};

function riser(dice: Dice): Float32Array {
  const out = hiss(dice, 2, 10, [["high", 500, 0.7]]);
  for (let i = 0; i < out.length; i++) out[i]! *= (i / out.length) ** 2.2;
  return filtered(out, DRUM_RATE, ["band", 2600, 0.5]);
}

/** How each voice is made, and its peak beside the others. */
export const DRUMS: Readonly<Record<string, [Maker, number]>> = {
  kick: [(d) => mix([head(0.42, 150, 52, 0.028, 0.13, 0.25), 1], [hiss(d, 0.03, 0.004, [["low", 3000, 0.7]]), 0.2]), 0.58],
  "kick-tight": [(d) => hard(mix([head(0.3, 210, 58, 0.02, 0.085, 0.4), 1], [hiss(d, 0.02, 0.003, [["band", 2800, 0.8]]), 0.3]), 1.6), 0.6],
  "kick-808": [() => hard(head(0.7, 170, 47, 0.03, 0.28, 0.3), 1.7), 0.46],
  "bass-drum": [(d) => mix([head(0.8, 78, 52, 0.05, 0.3), 1], [hiss(d, 0.09, 0.02, [["low", 420, 0.6]]), 1.2]), 0.5],
  snare: [(d) => mix([head(0.25, 270, 185, 0.02, 0.07), 0.6], [hiss(d, 0.3, 0.085, [["high", 900, 0.7], ["peak", 4200, 0.7, 4], ["low", 9500, 0.7]]), 0.55]), 0.62],
  "snare-tight": [(d) => hard(mix([head(0.2, 330, 215, 0.015, 0.06), 0.75], [hiss(d, 0.22, 0.055, [["high", 1300, 0.7], ["peak", 5200, 0.8, 4], ["low", 10500, 0.7]]), 0.6]), 1.5), 0.62],
  "side-drum": [(d) => mix([head(0.2, 240, 200, 0.02, 0.05), 0.5], [hiss(d, 0.28, 0.07, [["high", 1600, 0.7], ["peak", 3400, 1, 5], ["low", 8200, 0.7]], 2, 0.008), 0.6]), 0.5],
  clap: [(d) => hiss(d, 0.34, 0.075, [["band", 1350, 0.9], ["high", 700, 0.7]], 4, 0.011), 0.6],
  rim: [(d) => mix([head(0.08, 1750, 1650, 0.01, 0.011), 0.8], [head(0.08, 540, 520, 0.01, 0.016), 0.6], [hiss(d, 0.02, 0.004, [["high", 2500, 0.7]]), 0.3]), 0.45],
  hat: [(d) => metal(d, 0.12, 0.022, 410, [["high", 6200, 0.8], ["low", 12500, 0.7]]), 0.3],
  "hat-open": [(d) => metal(d, 0.5, 0.14, 410, [["high", 5600, 0.8], ["low", 12000, 0.7]]), 0.3],
  ride: [(d) => mix([metal(d, 0.9, 0.3, 520, [["band", 6200, 0.5], ["low", 11000, 0.7]], 0.35), 0.5], [head(0.5, 3150, 3120, 0.1, 0.12), 0.1]), 0.26],
  crash: [(d) => metal(d, 1.9, 0.5, 365, [["high", 2600, 0.6], ["low", 10500, 0.7]], 1.4), 0.42],
  clash: [(d) => metal(d, 1.5, 0.42, 430, [["high", 1900, 0.6], ["low", 9500, 0.7]], 1), 0.45],
  tambourine: [(d) => metal(d, 0.22, 0.05, 1180, [["high", 5200, 0.9], ["low", 12000, 0.7]], 0.9), 0.3],
  shaker: [(d) => { const s = hiss(d, 0.12, 0.03, [["band", 6800, 0.9]]); for (let i = 0; i < s.length; i++) s[i]! *= Math.min(1, i / (0.012 * DRUM_RATE)); return s; }, 0.26],
  bodhran: [(d) => mix([head(0.5, 118, 78, 0.04, 0.14), 1], [hiss(d, 0.06, 0.012, [["low", 1100, 0.7]]), 0.5]), 0.55],
  "bodhran-high": [(d) => mix([head(0.3, 205, 158, 0.025, 0.07), 0.9], [hiss(d, 0.05, 0.009, [["band", 1500, 0.7]]), 0.5]), 0.55],
  tom: [(d) => mix([head(0.5, 210, 138, 0.05, 0.15, 0.1), 1], [hiss(d, 0.05, 0.01, [["low", 2400, 0.7]]), 0.25]), 0.68],
  "tom-low": [(d) => mix([head(0.6, 150, 92, 0.055, 0.19, 0.1), 1], [hiss(d, 0.05, 0.01, [["low", 2000, 0.7]]), 0.25]), 0.72],
  timbale: [(d) => mix([head(0.4, 470, 415, 0.02, 0.09), 1], [head(0.4, 980, 930, 0.02, 0.05), 0.35], [hiss(d, 0.04, 0.008, [["high", 2000, 0.7]]), 0.4]), 0.5],
  conga: [(d) => mix([head(0.35, 262, 236, 0.015, 0.1), 1], [hiss(d, 0.02, 0.004, [["band", 1600, 0.8]]), 0.4]), 0.55],
  "conga-low": [(d) => mix([head(0.45, 188, 168, 0.02, 0.14), 1], [hiss(d, 0.02, 0.004, [["band", 1200, 0.8]]), 0.3]), 0.6],
  cowbell: [() => mix([metal(new Dice(7), 0.3, 0.07, 545, [["band", 1400, 0.8]], 0), 1]), 0.34],
  woodblock: [() => mix([head(0.1, 980, 950, 0.01, 0.02), 1], [head(0.1, 1560, 1500, 0.01, 0.012), 0.4]), 0.4],
  triangle: [() => mix([head(1.3, 4300, 4290, 0.1, 0.4), 0.6], [head(1.3, 6470, 6460, 0.1, 0.3), 0.4], [head(1.3, 2890, 2885, 0.1, 0.2), 0.2]), 0.16],
  riser: [riser, 0.4],
};

/** One stroke of a voice, the same every time. */
export function renderDrum(voice: string): Float32Array {
  const [make, peak] = DRUMS[voice]!;
  const data = make(new Dice(voice.length * 131 + voice.charCodeAt(0)));
  let most = 1e-9;
  for (const x of data) most = Math.max(most, Math.abs(x));
  for (let i = 0; i < data.length; i++) data[i]! *= peak / most;
  const tail = Math.round(0.01 * DRUM_RATE);
  for (let i = 0; i < tail; i++) data[data.length - 1 - i]! *= i / tail;
  return data;
}

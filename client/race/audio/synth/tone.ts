import { Biquad, Dice, RATE, TAU, cents } from "./dsp";

/** Strength of a partial, by its number and its frequency. */
export type Spectrum = (n: number, hz: number) => number;

/** A held sound: two spectra and how it moves between them, like breath into a horn. */
export interface Tone {
  dark: Spectrum;
  bright: Spectrum;
  /** Share of the bright spectrum at the start, after the attack, and held. */
  shine: [number, number, number];
  attack: number; // s
  /** Seconds to fall to `sustain`, 0..1. */
  decay: number;
  sustain: number;
  /** Several players or reeds, in cents beside the note. */
  unison?: number[];
  vibrato?: { cents: number; hz: number; delay: number };
  /** Cents below the note at which it begins. */
  scoop?: number;
  /** Air or bow: loudness, and where its hiss lies. */
  breath?: { loud: number; hz: number; q: number };
  tremolo?: { depth: number; hz: number };
}

const TABLE = 2048;
/** Samples between two looks at pitch, colour and loudness. */
const CONTROL = 16;
const MOST_PARTIALS = 96;
const TOP_HZ = 11000;
const SINE = new Float32Array(TABLE);
for (let i = 0; i < TABLE; i++) SINE[i] = Math.sin((TAU * i) / TABLE);

/** Strength by formants: [Hz, strength, width in Hz], over a floor. */
export function formants(floor: number, ...peaks: [number, number, number][]): (hz: number) => number {
  return (hz) =>
    peaks.reduce((sum, [at, strength, width]) => sum + strength / (1 + ((hz - at) / width) ** 2), floor);
}

/** One period of a spectrum; partials above hearing's useful end are left out. */
export function period(spectrum: Spectrum, hz: number, dice: Dice | null): Float32Array {
  const table = new Float32Array(TABLE + 1);
  const top = Math.min(MOST_PARTIALS, Math.floor(TOP_HZ / hz));
  let power = 0;
  for (let n = 1; n <= Math.max(1, top); n++) {
    const strength = spectrum(n, n * hz);
    if (strength < 1e-5) continue;
    power += strength * strength;
    const shift = dice ? Math.floor(dice.next() * TABLE) : 0;
    for (let i = 0; i < TABLE; i++) table[i]! += strength * SINE[(n * i + shift) % TABLE]!;
  }
  const level = power > 0 ? 1 / Math.sqrt(power) : 0;
  for (let i = 0; i < TABLE; i++) table[i]! *= level;
  table[TABLE] = table[0]!;
  return table;
}

/** Renders a held note. */
export function renderTone(spec: Tone, hz: number, seconds: number, dice: Dice): Float32Array {
  const length = Math.round(seconds * RATE);
  const out = new Float32Array(length);
  const unison = spec.unison ?? [0];
  const many = unison.length > 1;
  // The same phases in both tables, so that their mixture does not cancel.
  const seed = Math.floor(dice.next() * 1e6);
  const dark = period(spec.dark, hz, many ? new Dice(seed) : null);
  const bright = period(spec.bright, hz, many ? new Dice(seed) : null);
  for (const detune of unison) {
    const drift = 0.6 + 0.8 * dice.next();
    const turn = dice.next() * TAU;
    let phase = many ? dice.next() : 0;
    for (let start = 0; start < length; start += CONTROL) {
      const t = start / RATE;
      const bend = bendAt(spec, t, detune, many ? drift : 1, many ? turn : 0);
      const step = (hz * cents(bend)) / RATE;
      const end = Math.min(length, start + CONTROL);
      let share = shineAt(spec, t);
      const slide = (shineAt(spec, t + CONTROL / RATE) - share) / CONTROL;
      for (let i = start; i < end; i++) {
        const place = phase * TABLE;
        const k = place | 0;
        const part = place - k;
        const d = dark[k]! + (dark[k + 1]! - dark[k]!) * part;
        const b = bright[k]! + (bright[k + 1]! - bright[k]!) * part;
        out[i]! += d + (b - d) * share;
        share += slide;
        phase += step;
        if (phase >= 1) phase -= 1;
      }
    }
  }
  breathe(spec, out, dice);
  for (let start = 0; start < length; start += CONTROL) {
    let loud = loudAt(spec, start / RATE);
    const slide = (loudAt(spec, (start + CONTROL) / RATE) - loud) / CONTROL;
    const end = Math.min(length, start + CONTROL);
    for (let i = start; i < end; i++) {
      out[i]! *= loud;
      loud += slide;
    }
  }
  return out;
}

function bendAt(spec: Tone, t: number, detune: number, drift: number, turn: number): number {
  const { vibrato, scoop } = spec;
  let bend = detune;
  if (vibrato && t > vibrato.delay) {
    const grown = Math.min(1, (t - vibrato.delay) / 0.35);
    bend += vibrato.cents * grown * Math.sin(TAU * vibrato.hz * drift * t + turn);
  }
  return scoop ? bend - scoop * Math.exp(-t / 0.025) : bend;
}

function shineAt(spec: Tone, t: number): number {
  const [first, then, held] = spec.shine;
  if (t < spec.attack) return first + ((then - first) * t) / spec.attack;
  return held + (then - held) * Math.exp(-(t - spec.attack) / Math.max(0.02, spec.decay));
}

function loudAt(spec: Tone, t: number): number {
  const rising = t < spec.attack ? Math.sin((Math.PI / 2) * (t / spec.attack)) : 1;
  const fallen = spec.sustain + (1 - spec.sustain) * Math.exp(-Math.max(0, t - spec.attack) / spec.decay);
  const swing = spec.tremolo ? 1 - spec.tremolo.depth * (0.5 + 0.5 * Math.sin(TAU * spec.tremolo.hz * t)) : 1;
  return rising * fallen * swing;
}

function breathe(spec: Tone, out: Float32Array, dice: Dice): void {
  if (!spec.breath) return;
  const band = new Biquad("band", spec.breath.hz, spec.breath.q, RATE);
  for (let i = 0; i < out.length; i++) {
    const chiff = 1 + 2.5 * Math.exp(-i / (0.03 * RATE));
    out[i]! += band.step(dice.signed()) * spec.breath.loud * chiff * 3;
  }
}


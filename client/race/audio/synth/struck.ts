import { Biquad, Dice, RATE, TAU } from "./dsp";

/** A plucked string after Karplus and Strong (Computer Music Journal 7(2), 1983), tuned by an allpass. */
export interface String_ {
  /** 0 dull … 1 wiry: how bright the pluck is. */
  bright: number;
  /** Seconds in which the fundamental dies by 60 dB. */
  ring: number;
  /** Where it is plucked, as a share of its length. */
  place: number;
  /** How fast the overtones die: 0 slow … 0.5 fast. */
  damp: number;
  /** Resonances of the body: [Hz, dB, Q]. */
  body?: [number, number, number][];
  /** A thud of the finger or plectrum. */
  thud?: number;
}

export function renderString(
  spec: String_,
  hz: number,
  seconds: number,
  dice: Dice,
): Float32Array {
  const length = Math.round(seconds * RATE);
  const out = new Float32Array(length);
  const whole = RATE / hz - spec.damp;
  const size = Math.floor(whole - 0.2);
  const part = whole - size;
  const allpass = (1 - part) / (1 + part);
  const line = excitation(spec, size, dice);
  const keep = 0.001 ** (1 / (hz * spec.ring));
  let before = 0;
  let passIn = 0;
  let passOut = 0;
  let at = 0;
  for (let i = 0; i < length; i++) {
    const x = line[at]!;
    out[i] = x;
    const smooth = keep * ((1 - spec.damp) * x + spec.damp * before);
    before = x;
    passOut = allpass * (smooth - passOut) + passIn;
    passIn = smooth;
    line[at] = passOut;
    at = at + 1 === size ? 0 : at + 1;
  }
  if (spec.thud) {
    const low = new Biquad("band", 180, 0.8, RATE);
    for (let i = 0; i < Math.min(length, RATE * 0.05); i++)
      out[i]! += low.step(dice.signed()) * spec.thud * Math.exp(-i / (0.008 * RATE));
  }
  for (const [at2, gain, q] of spec.body ?? []) new Biquad("peak", at2, q, RATE, gain).run(out);
  new Biquad("high", Math.max(25, hz * 0.5), 0.7, RATE).run(out);
  return out;
}

function excitation(spec: String_, size: number, dice: Dice): Float32Array {
  const raw = new Float32Array(size);
  let held = 0;
  const open = 0.08 + 0.9 * spec.bright;
  for (let i = 0; i < size; i++) {
    held += open * (dice.signed() - held);
    raw[i] = held;
  }
  const gap = Math.max(1, Math.round(size * spec.place));
  const line = new Float32Array(size);
  let mean = 0;
  for (let i = 0; i < size; i++) {
    line[i] = raw[i]! - raw[(i + size - gap) % size]!;
    mean += line[i]! / size;
  }
  for (let i = 0; i < size; i++) line[i]! -= mean;
  return line;
}

/** One mode of something struck: frequency ratio, strength, seconds to die by 60 dB. */
export type Mode = [number, number, number];

export interface Struck {
  modes: (hz: number) => Mode[];
  /** Slight difference between strings or sides, in cents. */
  beat?: number;
  attack?: number; // s
  noise?: { loud: number; hz: number; q: number; seconds: number };
  /** Cents sharp at the blow, sinking. */
  blow?: number;
}

const BLOW_S = 0.03;
const SILENT = 1e-5;

/** Adds one dying sine; once the blow's bend is over by a two-term recurrence, which is cheap. */
function ringing(
  out: Float32Array,
  hz: number,
  strength: number,
  ring: number,
  blow: number,
  dice: Dice,
): void {
  const fall = 0.001 ** (1 / (ring * RATE));
  const end = Math.min(out.length, Math.ceil(Math.log(SILENT / strength) / Math.log(fall)));
  const bent = blow ? Math.min(end, Math.round(BLOW_S * 4 * RATE)) : 0;
  let phase = dice.next() * 0.2;
  let loud = strength;
  for (let i = 0; i < bent; i++) {
    out[i]! += loud * Math.sin(TAU * phase);
    phase += (hz / RATE) * (1 + blow * 0.00058 * Math.exp(-i / (BLOW_S * RATE)));
    loud *= fall;
  }
  const w = (TAU * hz) / RATE;
  const turn = 2 * fall * Math.cos(w);
  const decay = fall * fall;
  let y1 = (loud / fall) * Math.sin(TAU * phase - w);
  let y2 = (loud / decay) * Math.sin(TAU * phase - 2 * w);
  for (let i = bent; i < end; i++) {
    const y = turn * y1 - decay * y2;
    y2 = y1;
    y1 = y;
    out[i]! += y;
  }
}

export function renderStruck(spec: Struck, hz: number, seconds: number, dice: Dice): Float32Array {
  const length = Math.round(seconds * RATE);
  const out = new Float32Array(length);
  const attack = spec.attack ?? 0.002;
  const pairs = spec.beat ? [-spec.beat, spec.beat] : [0];
  for (const [ratio, strength, ring] of spec.modes(hz)) {
    const top = hz * ratio;
    if (top > RATE * 0.42) continue;
    for (const beside of pairs)
      ringing(out, top * 2 ** (beside / 1200), strength / pairs.length, ring, spec.blow ?? 0, dice);
  }
  const rise = Math.max(1, Math.round(attack * RATE));
  for (let i = 0; i < Math.min(rise, length); i++) out[i]! *= i / rise;
  if (spec.noise) {
    const band = new Biquad("band", spec.noise.hz, spec.noise.q, RATE);
    const end = Math.min(length, Math.round(spec.noise.seconds * 5 * RATE));
    for (let i = 0; i < end; i++)
      out[i]! += band.step(dice.signed()) * spec.noise.loud * Math.exp(-i / (spec.noise.seconds * RATE));
  }
  return out;
}

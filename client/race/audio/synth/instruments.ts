import { type Dice, RATE, cents, filtered } from "./dsp";
import { renderString, renderStruck, type Mode, type String_, type Struck } from "./struck";
import { formants, renderTone, type Spectrum, type Tone } from "./tone";

/** One of the synthesiser's instruments. */
export interface Instrument {
  /** A held note may be looped; a struck one dies away by itself. */
  holds: boolean;
  /** Seconds its sound takes to end after the note. */
  release: number;
  /** Loudness of its samples, RMS of the loudest moment. */
  rms: number;
  render(hz: number, seconds: number, dice: Dice): Float32Array;
}

const slope =
  (power: number, shape: (hz: number) => number = () => 1, soften = 5200): Spectrum =>
  (n, hz) =>
    (shape(hz) / n ** power) * (1 / (1 + (hz / soften) ** 4));

const held = (tone: Tone, release = 0.09, rms = 0.16): Instrument => ({
  holds: true,
  release,
  rms,
  render: (hz, seconds, dice) => renderTone(tone, hz, seconds, dice),
});

const struck = (spec: Struck, release = 0.25, rms = 0.16): Instrument => ({
  holds: false,
  release,
  rms,
  render: (hz, seconds, dice) => renderStruck(spec, hz, seconds, dice),
});

const plucked = (spec: String_, release = 0.12, rms = 0.15): Instrument => ({
  holds: false,
  release,
  rms,
  render: (hz, seconds, dice) => renderString(spec, hz, seconds, dice),
});

const brass = (
  peak: [number, number, number],
  second: [number, number, number],
  attack: number,
  soften: number,
): Tone => ({
  dark: slope(1.9, formants(0.35, peak), soften * 0.6),
  bright: slope(0.85, formants(0.25, peak, second), soften),
  shine: [0.05, 0.95, 0.6],
  attack,
  decay: 0.22,
  sustain: 0.82,
  vibrato: { cents: 9, hz: 5.1, delay: 0.35 },
  scoop: 35,
  breath: { loud: 0.012, hz: 1800, q: 0.7 },
});

const squareish: Spectrum = (n, hz) => (n % 2 ? 1 / n : 0.03 / n) / (1 + (hz / 4200) ** 4);
const saw: Spectrum = (n, hz) => (1 / n) * (1 / (1 + (hz / 6000) ** 4));
const dull = (hz0: number): Spectrum => (n, hz) => (1 / n) * (1 / (1 + (hz / hz0) ** 6));

/** Root, fifth and octave through one overdriven valve and a loudspeaker's box. */
function power(hz: number, seconds: number, dice: Dice): Float32Array {
  const string: String_ = { bright: 0.75, ring: 5, place: 0.16, damp: 0.12 };
  const sum = renderString(string, hz, seconds, dice);
  for (const ratio of [1.4983 * cents(1.5), 2]) {
    const more = renderString(string, hz * ratio, seconds, dice);
    for (let i = 0; i < sum.length; i++) sum[i]! += more[i]! * 0.8;
  }
  return overdriven(sum, 5.5);
}

function overdriven(data: Float32Array, drive: number): Float32Array {
  filtered(data, RATE, ["high", 110, 0.7], ["peak", 900, 0.8, 4]);
  let peak = 0;
  for (const x of data) peak = Math.max(peak, Math.abs(x));
  const gain = peak > 0 ? drive / peak : 0;
  for (let i = 0; i < data.length; i++) {
    const x = data[i]! * gain;
    data[i] = Math.tanh(x + 0.25 * x * x * Math.exp(-x * x)) - 0.08 * x * Math.exp(-Math.abs(x));
  }
  return filtered(data, RATE, ["high", 85, 0.7], ["peak", 2300, 1, 3.5], ["low", 4300, 0.8], ["low", 5200, 0.7]);
}

function lead(hz: number, seconds: number, dice: Dice): Float32Array {
  const voice: Tone = {
    dark: dull(1400),
    bright: saw,
    shine: [1, 0.8, 0.5],
    attack: 0.006,
    decay: 0.5,
    sustain: 0.75,
    vibrato: { cents: 22, hz: 5.6, delay: 0.28 },
    scoop: 60,
  };
  return overdriven(renderTone(voice, hz, seconds, dice), 3.2);
}

function reese(hz: number, seconds: number, dice: Dice): Float32Array {
  const tone: Tone = {
    dark: dull(420),
    bright: dull(1500),
    shine: [0.2, 0.7, 0.35],
    attack: 0.012,
    decay: 0.35,
    sustain: 0.9,
    unison: [-17, 0, 16],
  };
  const out = renderTone(tone, hz, seconds, dice);
  const deep: Tone = { ...tone, dark: (n) => (n === 1 ? 1 : 0), unison: [0] };
  const sub = renderTone({ ...deep, bright: deep.dark }, hz, seconds, dice);
  for (let i = 0; i < out.length; i++) out[i] = Math.tanh(out[i]! * 0.7 + sub[i]! * 0.9);
  return filtered(out, RATE, ["low", 2600, 0.7]);
}

function sub(hz: number, seconds: number): Float32Array {
  const out = new Float32Array(Math.round(seconds * RATE));
  let phase = 0;
  for (let i = 0; i < out.length; i++) {
    const t = i / RATE;
    // The blow of an 808 starts high and falls on to its note.
    phase += (hz * (1 + 1.6 * Math.exp(-t / 0.018))) / RATE;
    const rise = Math.min(1, t / 0.004);
    out[i] = Math.tanh(Math.sin(2 * Math.PI * phase) * 1.9) * rise * Math.exp(-t / 1.1);
  }
  return filtered(out, RATE, ["low", 1800, 0.7]);
}

const bars = (ratios: number[], strengths: number[], ring: number) => (hz: number): Mode[] =>
  ratios.map((ratio, k) => [ratio, strengths[k]!, (ring * Math.min(1.4, (440 / hz) ** 0.35)) / (1 + k * 0.9)]);

function hammered(hz: number): Mode[] {
  const stiff = 0.00035 * (hz / 260) ** 1.2;
  const soft = Math.min(1, 900 / hz);
  return Array.from({ length: 14 }, (_, k): Mode => {
    const n = k + 1;
    const strength = (1 / n ** (1.15 + 0.5 * (1 - soft))) * (n === 7 ? 0.4 : 1);
    return [n * Math.sqrt(1 + stiff * n * n), strength, (4.2 * (220 / hz) ** 0.4) / (1 + 0.28 * k)];
  });
}

const vowel = formants(0.02, [640, 1, 95], [1080, 0.62, 110], [2450, 0.22, 190], [3100, 0.14, 240]);
const hollow = formants(0.02, [380, 1, 80], [800, 0.5, 100], [2300, 0.1, 200]);

export const INSTRUMENTS: Readonly<Record<string, Instrument>> = {
  cornet: held(brass([1250, 1, 650], [2500, 0.5, 900], 0.028, 5600)),
  horn: held(brass([480, 1, 300], [1050, 0.4, 500], 0.045, 2600), 0.12),
  trombone: held(brass([620, 1, 380], [1500, 0.5, 700], 0.036, 4000)),
  tuba: held(brass([260, 1, 200], [620, 0.35, 350], 0.04, 1700), 0.1, 0.125),
  sax: held({
    dark: slope(1.5, formants(0.3, [560, 1, 280]), 2600),
    bright: slope(0.75, formants(0.2, [620, 1, 300], [1480, 0.75, 420], [2700, 0.3, 600]), 4800),
    shine: [0.3, 1, 0.72],
    attack: 0.022,
    decay: 0.25,
    sustain: 0.85,
    vibrato: { cents: 14, hz: 5.3, delay: 0.3 },
    scoop: 60,
    breath: { loud: 0.03, hz: 2400, q: 0.6 },
  }),
  pipes: held(
    {
      dark: slope(0.35, formants(0.16, [1150, 1, 420], [2700, 0.55, 520]), 4200),
      bright: slope(0.35, formants(0.16, [1150, 1, 420], [2700, 0.55, 520]), 4200),
      shine: [1, 1, 1],
      attack: 0.006,
      decay: 0.1,
      sustain: 0.95,
      scoop: 15,
    },
    0.015,
    0.13,
  ),
  drone: held(
    {
      dark: slope(0.7, formants(0.2, [700, 1, 420], [1700, 0.3, 500]), 2800),
      bright: slope(0.7, formants(0.2, [700, 1, 420], [1700, 0.3, 500]), 2800),
      shine: [1, 1, 1],
      attack: 0.12,
      decay: 1,
      sustain: 1,
      unison: [-2.5, 2.5],
    },
    0.25,
    0.12,
  ),
  whistle: held(
    {
      dark: (n) => [1, 0.12, 0.03][n - 1] ?? 0,
      bright: (n) => [1, 0.34, 0.1, 0.03][n - 1] ?? 0,
      shine: [0.8, 0.5, 0.35],
      attack: 0.018,
      decay: 0.15,
      sustain: 0.85,
      vibrato: { cents: 10, hz: 5.6, delay: 0.3 },
      breath: { loud: 0.035, hz: 3200, q: 0.8 },
    },
    0.04,
    0.13,
  ),
  fiddle: held({
    dark: slope(1.2, formants(0.25, [290, 0.9, 90], [480, 0.8, 160], [1100, 0.5, 400]), 3200),
    bright: slope(0.8, formants(0.22, [290, 0.7, 90], [520, 0.8, 180], [1150, 0.8, 380], [2500, 0.6, 700]), 5200),
    shine: [0.7, 0.85, 0.55],
    attack: 0.03,
    decay: 0.3,
    sustain: 0.85,
    vibrato: { cents: 16, hz: 5.9, delay: 0.22 },
    breath: { loud: 0.028, hz: 2600, q: 0.6 },
  }),
  strings: held(
    {
      dark: slope(1.25, formants(0.4, [420, 0.6, 260], [1100, 0.4, 500]), 2600),
      bright: slope(0.95, formants(0.35, [420, 0.6, 260], [1300, 0.6, 600], [2600, 0.3, 800]), 4600),
      shine: [0.2, 0.7, 0.5],
      attack: 0.11,
      decay: 0.5,
      sustain: 0.9,
      unison: [-11, -4, 5, 12],
      vibrato: { cents: 9, hz: 5.4, delay: 0.15 },
      breath: { loud: 0.02, hz: 3000, q: 0.6 },
    },
    0.22,
    0.14,
  ),
  accordion: held(
    {
      dark: slope(0.75, formants(0.3, [520, 0.7, 300], [1500, 0.6, 700]), 3800),
      bright: slope(0.5, formants(0.3, [520, 0.7, 300], [1700, 0.8, 700]), 4600),
      shine: [0.2, 0.6, 0.45],
      attack: 0.035,
      decay: 0.3,
      sustain: 0.9,
      unison: [0, 9],
    },
    0.05,
    0.14,
  ),
  organ: held(
    {
      dark: (n) => [0.9, 0.75, 0.7, 0.35, 0, 0.22, 0, 0.3][n - 1] ?? 0,
      bright: (n) => [0.8, 0.8, 0.7, 0.5, 0.1, 0.4, 0, 0.5][n - 1] ?? 0,
      shine: [1, 0.4, 0.2],
      attack: 0.006,
      decay: 0.08,
      sustain: 0.85,
      vibrato: { cents: 7, hz: 6.6, delay: 0 },
      tremolo: { depth: 0.16, hz: 6.6 },
    },
    0.04,
    0.13,
  ),
  piano: struck({ modes: hammered, beat: 0.8, attack: 0.0015, noise: { loud: 0.22, hz: 900, q: 0.6, seconds: 0.008 } }, 0.16),
  celesta: struck({ modes: bars([1, 2.76, 5.4], [1, 0.35, 0.1], 1.7), noise: { loud: 0.1, hz: 3500, q: 1, seconds: 0.004 } }),
  guitar: plucked({ bright: 0.55, ring: 3.2, place: 0.18, damp: 0.28, thud: 0.3, body: [[110, 4, 2], [210, 3, 2], [2200, 2, 1]] }),
  "clean-guitar": plucked({ bright: 0.8, ring: 3.6, place: 0.12, damp: 0.2, body: [[700, 2, 1], [2600, 4, 1]] }, 0.06),
  "power-guitar": { holds: false, release: 0.07, rms: 0.15, render: power },
  "lead-guitar": { holds: true, release: 0.08, rms: 0.14, render: lead },
  harp: plucked({ bright: 0.32, ring: 4.5, place: 0.38, damp: 0.32, body: [[180, 3, 1.4], [420, 2, 1.2]] }, 0.8),
  mandolin: plucked({ bright: 0.85, ring: 1.5, place: 0.14, damp: 0.16, thud: 0.2, body: [[330, 3, 1.5], [2000, 3, 1]] }),
  "upright-bass": plucked({ bright: 0.2, ring: 1.7, place: 0.22, damp: 0.42, thud: 0.9, body: [[95, 4, 1.4], [700, 3, 1]] }, 0.09, 0.13),
  "bass-guitar": plucked({ bright: 0.5, ring: 3, place: 0.14, damp: 0.34, thud: 0.3, body: [[90, 3, 1.2], [900, 5, 0.9]] }, 0.07, 0.13),
  reese: { holds: true, release: 0.06, rms: 0.12, render: reese },
  sub: { holds: false, release: 0.08, rms: 0.13, render: sub },
  "square-lead": held({
    dark: dull(900),
    bright: squareish,
    shine: [1, 0.85, 0.6],
    attack: 0.004,
    decay: 0.18,
    sustain: 0.7,
    vibrato: { cents: 12, hz: 5.5, delay: 0.25 },
    scoop: 90,
  }, 0.05, 0.13),
  pluck: held({
    dark: dull(600),
    bright: saw,
    shine: [1, 0.9, 0],
    attack: 0.002,
    decay: 0.14,
    sustain: 0.12,
    unison: [-6, 6],
  }, 0.12, 0.15),
  stab: held({
    dark: slope(1.1, formants(0.3, [600, 1, 300], [1700, 0.6, 500]), 3600),
    bright: saw,
    shine: [1, 0.7, 0.2],
    attack: 0.004,
    decay: 0.12,
    sustain: 0.4,
    unison: [-9, 0, 10],
  }, 0.1, 0.16),
  pad: held({
    dark: dull(700),
    bright: dull(2200),
    shine: [0, 0.2, 0.55],
    attack: 0.25,
    decay: 1.2,
    sustain: 0.95,
    unison: [-13, -5, 6, 12],
  }, 0.5, 0.12),
  choir: held({
    dark: slope(0.55, hollow, 3000),
    bright: slope(0.5, vowel, 4200),
    shine: [0.1, 0.8, 0.7],
    attack: 0.13,
    decay: 0.6,
    sustain: 0.92,
    unison: [-14, -6, 1, 7, 15],
    vibrato: { cents: 17, hz: 5.2, delay: 0.12 },
    breath: { loud: 0.02, hz: 2600, q: 0.5 },
  }, 0.28, 0.14),
  steelpan: struck({
    modes: bars([1, 2, 3.01, 4.06, 5.9], [1, 0.85, 0.3, 0.16, 0.06], 1.25),
    beat: 1.6,
    attack: 0.004,
    blow: 22,
    noise: { loud: 0.12, hz: 2200, q: 1, seconds: 0.004 },
  }),
  timpani: struck({
    modes: bars([1, 1.5, 1.98, 2.44, 2.9], [1, 0.55, 0.32, 0.18, 0.1], 1.3),
    attack: 0.003,
    blow: 30,
    noise: { loud: 0.7, hz: 240, q: 0.6, seconds: 0.012 },
  }, 0.5, 0.13),
};

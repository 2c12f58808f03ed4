/** Samples a second of every rendered tone; drums have their own. */
export const RATE = 32000;
export const DRUM_RATE = 44100;
export const TAU = Math.PI * 2;

/** Numbers that look random and are the same every time. */
export class Dice {
  private state: number;

  constructor(seed: number) {
    this.state = (seed * 2654435761) >>> 0 || 1;
  }

  /** 0 ≤ x < 1 (mulberry32). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** −1 ≤ x < 1. */
  signed(): number {
    return this.next() * 2 - 1;
  }
}

export const hertz = (midi: number): number => 440 * 2 ** ((midi - 69) / 12);
export const cents = (value: number): number => 2 ** (value / 1200);

export type FilterKind = "low" | "high" | "band" | "peak";

/** A second-order filter after Robert Bristow-Johnson's "Audio EQ Cookbook". */
export class Biquad {
  private b0 = 1;
  private b1 = 0;
  private b2 = 0;
  private a1 = 0;
  private a2 = 0;
  private x1 = 0;
  private x2 = 0;
  private y1 = 0;
  private y2 = 0;

  constructor(
    private readonly kind: FilterKind,
    hz: number,
    q: number,
    private readonly rate: number,
    private readonly gainDb = 0,
  ) {
    this.tune(hz, q);
  }

  tune(hz: number, q: number): void {
    const w = (TAU * Math.min(hz, this.rate * 0.45)) / this.rate;
    const cos = Math.cos(w);
    const alpha = Math.sin(w) / (2 * q);
    const level = 10 ** (this.gainDb / 40);
    let b: [number, number, number];
    let a: [number, number, number] = [1 + alpha, -2 * cos, 1 - alpha];
    if (this.kind === "low") b = [(1 - cos) / 2, 1 - cos, (1 - cos) / 2];
    else if (this.kind === "high") b = [(1 + cos) / 2, -(1 + cos), (1 + cos) / 2];
    else if (this.kind === "band") b = [alpha, 0, -alpha];
    else {
      b = [1 + alpha * level, -2 * cos, 1 - alpha * level];
      a = [1 + alpha / level, -2 * cos, 1 - alpha / level];
    }
    this.b0 = b[0] / a[0];
    this.b1 = b[1] / a[0];
    this.b2 = b[2] / a[0];
    this.a1 = a[1] / a[0];
    this.a2 = a[2] / a[0];
  }

  step(x: number): number {
    const y =
      this.b0 * x + this.b1 * this.x1 + this.b2 * this.x2 - this.a1 * this.y1 - this.a2 * this.y2;
    this.x2 = this.x1;
    this.x1 = x;
    this.y2 = this.y1;
    this.y1 = y;
    return y;
  }

  run(data: Float32Array): Float32Array {
    for (let i = 0; i < data.length; i++) data[i] = this.step(data[i]!);
    return data;
  }
}

export const filtered = (
  data: Float32Array,
  rate: number,
  ...chain: [FilterKind, number, number, number?][]
): Float32Array => {
  for (const [kind, hz, q, gain] of chain) new Biquad(kind, hz, q, rate, gain ?? 0).run(data);
  return data;
};

const WINDOW_S = 0.04;
const PEAK = 0.95;

/** Scales a note so that its loudest moment has this RMS, and no sample leaves the scale. */
export function levelled(data: Float32Array, rate: number, rms: number): Float32Array {
  const width = Math.max(1, Math.round(rate * WINDOW_S));
  let most = 0;
  let peak = 0;
  for (let start = 0; start < data.length; start += width) {
    let sum = 0;
    const end = Math.min(data.length, start + width);
    for (let i = start; i < end; i++) {
      sum += data[i]! * data[i]!;
      peak = Math.max(peak, Math.abs(data[i]!));
    }
    most = Math.max(most, sum / width);
  }
  if (peak === 0) return data;
  const gain = Math.min(rms / Math.sqrt(most), PEAK / peak);
  for (let i = 0; i < data.length; i++) data[i]! *= gain;
  return data;
}

/** Fades the last moments, so that a note cut short does not click. */
export function faded(data: Float32Array, rate: number, seconds = 0.02): Float32Array {
  const n = Math.min(data.length, Math.round(rate * seconds));
  for (let i = 0; i < n; i++) data[data.length - 1 - i]! *= i / n;
  return data;
}

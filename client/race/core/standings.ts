import {
  HEADER,
  H_COUNTDOWN,
  H_TICK,
  KART_STRIDE,
  K_FINISH_FRAC,
  K_FINISH_TICK,
  K_PROGRESS,
} from "../generated/sim.js";
import { TICKS_PER_SECOND, tickToMs } from "./format";
import type { Track } from "./track";

const MARK_M = 12; // metres between two places at which every kart's passing is noted

/** Who is where: the order of the race, and how long ago the one in front was here. */
export class Standings {
  /** Karts from the first to the last. */
  readonly order: number[];
  /** Milliseconds since GO at the finish, for each kart; null while it races. */
  readonly finishMs: (number | null)[];
  private readonly marks: number;
  private readonly passed: Int32Array;
  private readonly reached: Int32Array;
  private state: Float64Array | null = null;

  constructor(
    track: Track,
    laps: number,
    readonly karts: number,
  ) {
    this.order = Array.from({ length: karts }, (_, kart) => kart);
    this.finishMs = this.order.map(() => null);
    this.marks = Math.ceil((track.length * laps) / MARK_M) + 1;
    this.passed = new Int32Array(this.marks * karts);
    this.reached = new Int32Array(karts).fill(-1);
  }

  /** Looks at the state after a tick. */
  note(state: Float64Array): void {
    this.state = state;
    const tick = state[H_TICK]!;
    for (let kart = 0; kart < this.karts; kart++) {
      const mark = Math.min(this.marks - 1, Math.floor(this.progress(kart) / MARK_M));
      while (this.reached[kart]! < mark)
        this.passed[this.marks * kart + ++this.reached[kart]!] = tick;
      const ticks = this.field(kart, K_FINISH_TICK);
      if (ticks > 0) this.finishMs[kart] ??= tickToMs(ticks, this.field(kart, K_FINISH_FRAC));
    }
    if (tick > state[H_COUNTDOWN]!) this.order.sort((a, b) => this.compare(a, b));
  }

  private field(kart: number, offset: number): number {
    return this.state![HEADER + KART_STRIDE * kart + offset]!;
  }

  private progress(kart: number): number {
    return this.field(kart, K_PROGRESS);
  }

  private compare(a: number, b: number): number {
    const [endA, endB] = [this.finishMs[a], this.finishMs[b]];
    if (endA != null && endB != null) return endA - endB || a - b;
    if (endA != null) return -1;
    if (endB != null) return 1;
    return this.progress(b) - this.progress(a) || a - b;
  }

  /** 1 for the first. */
  placeOf(kart: number): number {
    return this.order.indexOf(kart) + 1;
  }

  /** The kart just in front; null for the first. */
  ahead(kart: number): number | null {
    return this.order[this.order.indexOf(kart) - 1] ?? null;
  }

  /** The kart just behind; null for the last. */
  behind(kart: number): number | null {
    return this.order[this.order.indexOf(kart) + 1] ?? null;
  }

  /** Seconds by which `front` passed the place that `rear` passed last; null before the first. */
  gap(front: number, rear: number): number | null {
    const mark = this.reached[rear]!;
    if (mark < 0 || this.reached[front]! < mark) return null;
    const apart = this.passed[this.marks * rear + mark]! - this.passed[this.marks * front + mark]!;
    return apart / TICKS_PER_SECOND;
  }
}

import { INSTRUMENTS } from "../synth/instruments";
import { DRUM, LONGEST_S, renderOrder, type Order, type Sample } from "../synth/note";
import { KIT, secondsPerTick, type Score } from "./score";

/** A rendered sound that the band can play at other pitches near its own. */
export interface Tuned {
  buffer: AudioBuffer;
  midi: number;
  loop: [number, number] | null;
}

/** Semitones between two rendered notes of an instrument. */
const STEP = 3;

export const zoneOf = (midi: number): number => Math.round(midi / STEP) * STEP;
export const keyOf = (instrument: string, zone: number): string => `${instrument}@${zone}`;
export const drumKey = (voice: string): string => DRUM + voice;

/** Everything a score needs to be heard, or to be heard `lift` semitones higher. */
export function ordersOf(score: Score, lift = 0): Order[] {
  const orders = new Map<string, Order>();
  const perTick = secondsPerTick(score, false);
  for (const section of Object.values(score.sections))
    for (const { part, notes } of section.tracks) {
      const { instrument } = score.parts[part]!;
      for (let k = 0; k < notes.length; k += 4) {
        if (instrument === KIT) {
          const key = drumKey(score.drums[notes[k + 1]!]!);
          orders.set(key, { key, instrument: key, midi: 0, seconds: 0 });
          continue;
        }
        const seconds = notes[k + 2]! * perTick + INSTRUMENTS[instrument]!.release + 0.05;
        const zone = zoneOf(notes[k + 1]! + lift);
        const key = keyOf(instrument, zone);
        const before = orders.get(key)?.seconds ?? 0;
        orders.set(key, { key, instrument, midi: zone, seconds: Math.max(before, seconds * 1.1) });
      }
    }
  return [...orders.values()];
}

/** Rendered notes, shared by all pieces that are played. */
export class Samples {
  private readonly have = new Map<string, Tuned & { seconds: number }>();
  private worker: Worker | null = null;
  /** Who waits for a note, first asked first: two pieces may want the same one at once. */
  private readonly waiting = new Map<string, ((sample: Sample) => void)[]>();

  get(key: string): Tuned | undefined {
    return this.have.get(key);
  }

  /** Renders what is missing, in a worker where there is one. */
  async prepare(orders: Order[]): Promise<void> {
    const missing = this.missing(orders);
    if (missing.length === 0) return;
    const worker = this.open();
    if (!worker) {
      for (const order of missing) {
        this.keep(renderOrder(order), order);
        await new Promise((done) => setTimeout(done));
      }
      return;
    }
    const all = missing.map(
      (order) =>
        new Promise<void>((done) => {
          const queue = this.waiting.get(order.key) ?? [];
          this.waiting.set(order.key, queue);
          queue.push((sample) => {
            this.keep(sample, order);
            done();
          });
        }),
    );
    worker.postMessage(missing);
    await Promise.all(all);
  }

  /** Renders here and now; for the renderer of files, which has no one to wait for it. */
  prepareNow(orders: Order[]): void {
    for (const order of this.missing(orders)) this.keep(renderOrder(order), order);
  }

  private missing(orders: Order[]): Order[] {
    return orders.filter((order) => {
      const got = this.have.get(order.key);
      return !got || (!got.loop && got.seconds < Math.min(order.seconds, LONGEST_S));
    });
  }

  private keep(sample: Sample, order: Order): void {
    // Of two that were asked for at once the longer one stays.
    if ((this.have.get(order.key)?.seconds ?? 0) > order.seconds) return;
    const buffer = new AudioBuffer({
      length: sample.data.length,
      numberOfChannels: 1,
      sampleRate: sample.rate,
    });
    buffer.copyToChannel(sample.data, 0);
    this.have.set(order.key, {
      buffer,
      midi: order.midi,
      loop: sample.loop,
      seconds: order.seconds,
    });
  }

  private open(): Worker | null {
    if (this.worker || typeof Worker === "undefined") return this.worker;
    this.worker = new Worker(new URL("../synth/worker.ts", import.meta.url), { type: "module" });
    this.worker.addEventListener("message", (event: MessageEvent<Sample>) => {
      // The worker answers in the order in which it was asked.
      this.waiting.get(event.data.key)?.shift()?.(event.data);
    });
    return this.worker;
  }
}

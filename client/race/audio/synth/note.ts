import type { VoiceFacts } from "../../core/edition";
import { DRUM_RATE, Dice, RATE, faded, hertz, levelled } from "./dsp";
import { renderDrum } from "./drums";
import { INSTRUMENTS } from "./instruments";
import { renderBark, type BarkKind } from "./voice";

/** What the band asks for: a note of an instrument for so many seconds, or a stroke of a drum. */
export interface Order {
  key: string;
  instrument: string;
  midi: number;
  seconds: number;
  /** A cry instead of a note. */
  bark?: { kind: BarkKind; variant: number; voice: VoiceFacts };
}

/** A rendered sound; `loop` in seconds when it may be held for ever. */
export interface Sample {
  key: string;
  rate: number;
  data: Float32Array<ArrayBuffer>;
  loop: [number, number] | null;
}

export const DRUM = "drum:";
/** Longer notes are held by a loop. */
export const LONGEST_S = 2.8;
const LOOP_FROM_S = 1.2;
const CROSS_S = 0.3;
const BARK_RMS = 0.2;

export function renderOrder(order: Order): Sample {
  if (order.bark) {
    const { kind, variant, voice } = order.bark;
    const cry = levelled(renderBark(kind, variant, voice), DRUM_RATE, BARK_RMS);
    return { key: order.key, rate: DRUM_RATE, data: new Float32Array(cry), loop: null };
  }
  if (order.instrument.startsWith(DRUM)) {
    const data = renderDrum(order.instrument.slice(DRUM.length));
    return { key: order.key, rate: DRUM_RATE, data: new Float32Array(data), loop: null };
  }
  const instrument = INSTRUMENTS[order.instrument];
  if (!instrument) throw new Error(`no instrument is named ${order.instrument}`);
  const hz = hertz(order.midi);
  const held = instrument.holds && order.seconds > LONGEST_S;
  const seconds = held ? LONGEST_S : Math.min(order.seconds, LONGEST_S * 1.5);
  const seed = order.midi * 31 + order.instrument.length * 7 + order.instrument.charCodeAt(0);
  const data = instrument.render(hz, seconds, new Dice(seed));
  const loop = held ? hold(data, hz) : null;
  levelled(data, RATE, instrument.rms);
  if (!loop) faded(data, RATE);
  return { key: order.key, rate: RATE, data: new Float32Array(data), loop };
}

/** Makes the end of the loop flow into its start; the loop is a whole number of periods. */
function hold(data: Float32Array, hz: number): [number, number] {
  const period = RATE / hz;
  const from = Math.round(LOOP_FROM_S * RATE);
  const periods = Math.floor((data.length - 2 - from) / period);
  const to = from + Math.round(periods * period);
  const cross = Math.round(CROSS_S * RATE);
  for (let i = 0; i < cross; i++) {
    const share = i / cross;
    const end = to - cross + i;
    data[end] = data[end]! * Math.cos((share * Math.PI) / 2) ** 2 + data[from - cross + i]! * Math.sin((share * Math.PI) / 2) ** 2;
  }
  return [from / RATE, to / RATE];
}

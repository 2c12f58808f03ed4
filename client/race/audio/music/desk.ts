import { Compressor, Convolver, Filter, Gain, Panner, ToneAudioBuffer, type BaseContext } from "tone";
import { Dice } from "../synth/dsp";
import type { LayerName, Score } from "./score";

const ROOM_S = 1.5;
const EARLY: readonly [number, number][] = [[0.011, 0.5], [0.019, 0.42], [0.027, 0.36], [0.041, 0.28], [0.059, 0.2]];
/** How fast layers come and go, in seconds. */
const LAYER_IN = 0.12;
const LAYER_OUT = 0.7;

export const decibels = (db: number): number => 10 ** (db / 20);

/** A bright, short hall, made of noise that is always the same. */
function room(sampleRate: number): AudioBuffer {
  const length = Math.round(ROOM_S * sampleRate);
  const buffer = new AudioBuffer({ length, numberOfChannels: 2, sampleRate });
  for (let channel = 0; channel < 2; channel++) {
    const dice = new Dice(97 + channel);
    const data = buffer.getChannelData(channel);
    let soft = 0;
    for (let i = 0; i < length; i++) {
      const t = i / sampleRate;
      // Air takes the high end first.
      soft += (0.25 + 0.6 * Math.exp(-t * 3)) * (dice.signed() - soft);
      data[i] = soft * Math.exp(-t * 4.4) * Math.min(1, t / 0.012) * 0.3;
    }
    for (const [at, loud] of EARLY) data[Math.round((at + channel * 0.0017) * sampleRate)]! += loud;
  }
  return buffer;
}

/** The strips of one score's parts on the desk. */
export interface Strip {
  input: Gain;
  layer: LayerName;
}

/** The mixing desk: parts into layers, layers and a room into one bus, tamed at its end. */
export class Desk {
  readonly out: Gain;
  private readonly duckGain: Gain;
  private readonly bus: Gain;
  private readonly hall: Gain;
  private readonly layers = new Map<LayerName, Gain>();
  private readonly on = new Map<LayerName, boolean>();

  constructor(private readonly context: BaseContext) {
    this.out = new Gain({ context, gain: 1 });
    this.duckGain = new Gain({ context, gain: 1 });
    this.bus = new Gain({ context, gain: 1 });
    this.hall = new Gain({ context, gain: 1 });
    const rumble = new Filter({ context, type: "highpass", frequency: 32, Q: 0.7 });
    const glue = new Compressor({ context, threshold: -16, ratio: 2.5, attack: 0.012, release: 0.16, knee: 8 });
    const limit = new Compressor({ context, threshold: -5, ratio: 20, attack: 0.001, release: 0.09, knee: 0 });
    const convolver = new Convolver({ context, url: new ToneAudioBuffer(room(context.sampleRate)), normalize: true });
    this.hall.chain(convolver, this.bus);
    this.bus.chain(rumble, glue, limit, this.duckGain, this.out);
    for (const layer of ["base", "race", "last-lap", "boost"] as const) {
      const gain = new Gain({ context, gain: layer === "base" ? 1 : 0 });
      gain.connect(this.bus);
      this.layers.set(layer, gain);
      this.on.set(layer, layer === "base");
    }
  }

  strips(score: Score): Strip[] {
    const { context } = this;
    return score.parts.map((part) => {
      const input = new Gain({ context, gain: decibels(part.gain + score.gain) });
      const panner = new Panner({ context, pan: part.pan, channelCount: 1 });
      const send = new Gain({ context, gain: part.room });
      const layer = this.layers.get(part.layer)!;
      input.chain(panner, layer);
      panner.connect(send);
      send.connect(this.hall);
      return { input, layer: part.layer };
    });
  }

  hears(layer: LayerName): boolean {
    return this.on.get(layer)!;
  }

  layer(name: LayerName, on: boolean, time: number): void {
    if (this.on.get(name) === on) return;
    this.on.set(name, on);
    const { gain } = this.layers.get(name)!;
    gain.cancelScheduledValues(time);
    gain.setTargetAtTime(on ? 1 : 0, time, (on ? LAYER_IN : LAYER_OUT) / 3);
  }

  /** Makes room for an effect: down at once, back slowly. */
  duck(depth: number, time: number): void {
    const { gain } = this.duckGain;
    gain.cancelScheduledValues(time);
    gain.setTargetAtTime(decibels(-depth), time, 0.02);
    gain.setTargetAtTime(1, time + 0.22, 0.18);
  }

  volume(level: number, time: number, seconds = 0.06): void {
    this.out.gain.cancelScheduledValues(time);
    this.out.gain.setTargetAtTime(level, time, seconds);
  }
}

import type { BaseContext } from "tone";
import { INSTRUMENTS } from "../synth/instruments";
import type { Cue } from "./conductor";
import type { Desk, Strip } from "./desk";
import { drumKey, keyOf, zoneOf, type Samples } from "./samples";
import { KIT, type Score } from "./score";

/** Notes that may sound together; the one that began first gives way. */
const MOST_VOICES = 44;
/** Players are never quite together, nor quite in tune. */
const LOOSE_S = 0.005;
const LOOSE_CENTS = 3;

interface Voice {
  source: AudioBufferSourceNode;
  gain: GainNode;
  ends: number;
}

/** Plays cues of one score: a buffer and a gain for each note, and nothing kept when it is over. */
export class Band {
  private readonly strips: Strip[];
  private voices: Voice[] = [];
  private played = 0;

  constructor(
    private readonly context: BaseContext,
    private readonly desk: Desk,
    private readonly samples: Samples,
    private readonly score: Score,
  ) {
    this.strips = desk.strips(score);
  }

  get sounding(): number {
    return this.voices.length;
  }

  play(cue: Cue, sliceTime: number): void {
    const strip = this.strips[cue.part]!;
    if (!this.desk.hears(strip.layer)) return;
    const { instrument } = this.score.parts[cue.part]!;
    const kit = instrument === KIT;
    const key = kit ? drumKey(this.score.drums[cue.pitch]!) : keyOf(instrument, zoneOf(cue.pitch));
    const sample = this.samples.get(key);
    if (!sample) return;
    const loose = this.loose();
    const time = sliceTime + cue.after + (kit ? loose * 0.4 : loose) * LOOSE_S + LOOSE_S;
    const { rawContext } = this.context;
    const source = rawContext.createBufferSource() as AudioBufferSourceNode;
    source.buffer = sample.buffer;
    if (!kit)
      source.playbackRate.value = 2 ** ((cue.pitch - sample.midi + (loose * LOOSE_CENTS) / 100) / 12);
    const gain = rawContext.createGain() as GainNode;
    const loud = cue.loud ** 1.5;
    gain.gain.setValueAtTime(loud, time);
    let ends = time + sample.buffer.duration;
    if (!kit) ends = this.shape(source, gain, sample, instrument, cue, time, loud);
    source.connect(gain);
    gain.connect(strip.input.input as GainNode);
    source.start(time);
    source.stop(ends);
    this.keep({ source, gain, ends }, time);
  }

  private shape(
    source: AudioBufferSourceNode,
    gain: GainNode,
    sample: { buffer: AudioBuffer; loop: [number, number] | null },
    instrument: string,
    cue: Cue,
    time: number,
    loud: number,
  ): number {
    const { release } = INSTRUMENTS[instrument]!;
    const off = time + Math.max(0.03, cue.seconds - 0.012);
    if (sample.loop) {
      source.loop = true;
      [source.loopStart, source.loopEnd] = sample.loop;
    }
    gain.gain.setValueAtTime(loud, off);
    gain.gain.setTargetAtTime(0, off, release / 3);
    return off + release * 1.6;
  }

  /** −1..1, never twice the same in a row, and the same in every performance. */
  private loose(): number {
    this.played = (this.played + 1) % 4096;
    return ((Math.imul(this.played, 2654435761) >>> 8) & 1023) / 512 - 1;
  }

  private keep(voice: Voice, now: number): void {
    this.voices = this.voices.filter((old) => old.ends > now - 0.1);
    this.voices.push(voice);
    if (this.voices.length <= MOST_VOICES) return;
    const oldest = this.voices.shift()!;
    oldest.gain.gain.cancelScheduledValues(now);
    oldest.gain.gain.setTargetAtTime(0, now, 0.01);
    oldest.source.stop(now + 0.06);
  }

  /** Lets everything die away at once. */
  hush(time: number, seconds = 0.03): void {
    for (const { source, gain } of this.voices) {
      gain.gain.cancelScheduledValues(time);
      gain.gain.setTargetAtTime(0, time, seconds);
      source.stop(time + seconds * 6);
    }
    this.voices = [];
  }
}

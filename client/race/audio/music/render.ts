import { Context } from "tone";
import { INSTRUMENTS } from "../synth/instruments";
import { DRUMS } from "../synth/drums";
import { Player } from "./player";
import { HandPulse } from "./pulse";
import { Samples } from "./samples";
import type { Score } from "./score";

/** What is to be heard: seconds at which the race would say so, from the start of the loop. */
export interface Performance {
  seconds: number;
  /** Bars of the loop to leave out. */
  from?: number;
  intro?: number;
  countdown?: number;
  lastLap?: number;
  finish?: number;
  boost?: [number, number];
  /** Only these parts, by name. */
  only?: string[];
}

const RATE = 44100;
/** How far ahead notes are made; the rendering stands still for it. */
const STEP_S = 0.25;
/** Silence before the first note, in which compressors and faders settle; it is cut off again. */
const LEAD_S = 0.5;
const samples = new Samples();

/** Plays a score into memory by the same player as in the race: interleaved stereo in 16 bits. */
async function perform(score: Score, wish: Performance): Promise<{ pcm: string; peak: number; rate: number }> {
  const end = wish.seconds + LEAD_S;
  const offline = new OfflineAudioContext(2, Math.ceil(end * RATE), RATE);
  const context = new Context({
    context: offline as unknown as AudioContext,
    clockSource: "offline",
  });
  const heard = wish.only ? soloed(score, wish.only) : score;
  let pulse: HandPulse | undefined;
  const player = new Player(context, samples, (beat) => (pulse = new HandPulse(beat)));
  player.prepareNow(heard, wish.lastLap !== undefined);
  player.desk.out.connect(offline.destination);
  const moments = script(player, heard, wish);
  const advance = (time: number): void => {
    while (moments.length > 0 && moments[0]!.at < time + STEP_S) {
      const moment = moments.shift()!;
      pulse!.push(moment.at);
      moment.act(moment.at);
    }
    pulse!.push(time + STEP_S);
  };
  // Notes are made when they are due: a thousand that wait would slow down every moment before.
  for (let time = STEP_S; time < end; time += STEP_S)
    void offline.suspend(time).then(() => {
      advance(time);
      return offline.resume();
    });
  advance(0);
  const buffer = await offline.startRendering();
  const from = Math.round(LEAD_S * RATE);
  return encode(buffer.getChannelData(0).subarray(from), buffer.getChannelData(1).subarray(from));
}

/** What the race would ask of the player, in the order of time. */
function script(
  player: Player,
  score: Score,
  wish: Performance,
): { at: number; act: (time: number) => void }[] {
  const go = (wish.intro ?? 0) + (wish.countdown ?? 0);
  const moments: { at: number | undefined; act: (time: number) => void }[] = [
    { at: wish.intro ? 0 : undefined, act: (t) => player.start(score, "intro", t) },
    { at: wish.countdown ? (wish.intro ?? 0) : undefined, act: (t) => player.start(score, "countdown", t) },
    {
      at: go,
      act: (t) => {
        player.desk.layer("race", true, t);
        player.start(score, "loop", t, { skipBars: wish.from ?? 0 });
      },
    },
    { at: wish.boost?.[0], act: (t) => player.desk.layer("boost", true, t) },
    { at: wish.boost?.[1], act: (t) => player.desk.layer("boost", false, t) },
    { at: wish.lastLap, act: () => player.lastLap() },
    { at: wish.finish, act: (t) => player.start(score, "finish", t) },
  ];
  return moments
    .filter((moment): moment is { at: number; act: (time: number) => void } => moment.at !== undefined)
    .map(({ at, act }) => ({ at: at + LEAD_S, act }))
    .sort((a, b) => a.at - b.at);
}

/** The score with the other parts silent. */
function soloed(score: Score, only: string[]): Score {
  const parts = score.parts.map((part) => (only.includes(part.slug) ? part : { ...part, gain: -120 }));
  return { ...score, parts };
}

function encode(left: Float32Array, right: Float32Array): { pcm: string; peak: number; rate: number } {
  const samples = new Int16Array(left.length * 2);
  let peak = 0;
  [left, right].forEach((side, channel) => {
    for (let i = 0; i < side.length; i++) {
      const x = side[i]!;
      peak = Math.max(peak, Math.abs(x));
      samples[2 * i + channel] = Math.round(Math.max(-1, Math.min(1, x)) * 32767);
    }
  });
  const bytes = new Uint8Array(samples.buffer);
  let text = "";
  for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return { pcm: btoa(text), peak, rate: RATE };
}

declare global {
  interface Window {
    moongateMusic?: {
      perform: typeof perform;
      instruments: string[];
      drums: string[];
    };
  }
}

window.moongateMusic = {
  perform,
  instruments: Object.keys(INSTRUMENTS),
  drums: Object.keys(DRUMS),
};

import type { BaseContext } from "tone";
import { Band } from "./band";
import { Conductor } from "./conductor";
import { Desk } from "./desk";
import { ClockPulse, type Beat, type Pulse } from "./pulse";
import { ordersOf, type Samples } from "./samples";
import type { FormName, Score } from "./score";

/** One score with those who play it. */
interface Piece {
  conductor: Conductor;
  band: Band;
}

/** How a form is begun: `then` is called, with the time, when it has come to its end. */
export interface Wish {
  skipBars?: number;
  once?: boolean;
  then?: (time: number) => void;
}

/** Plays scores against the audio clock, a slice at a time, a little ahead. */
export class Player {
  readonly desk: Desk;
  private readonly pulse: Pulse;
  private piece: Piece | null = null;
  private readonly pieces = new Map<Score, Piece>();
  private after: ((time: number) => void) | null = null;

  constructor(
    private readonly context: BaseContext,
    private readonly samples: Samples,
    pulse: (beat: Beat) => Pulse = (beat) => new ClockPulse(context, beat),
  ) {
    this.desk = new Desk(context);
    this.pulse = pulse((time) => this.slice(time));
  }

  /** Renders what the score needs, and gives it its players; `lifted` for a last lap too. */
  async prepare(score: Score, lifted = true): Promise<void> {
    await this.samples.prepare(ordersOf(score));
    this.seat(score);
    // The last lap is a minute away.
    if (lifted) await this.samples.prepare(ordersOf(score, score.lift));
  }

  /** The same at once, without a worker. */
  prepareNow(score: Score, lifted: boolean): void {
    this.samples.prepareNow(ordersOf(score));
    if (lifted) this.samples.prepareNow(ordersOf(score, score.lift));
    this.seat(score);
  }

  private seat(score: Score): void {
    if (this.pieces.has(score)) return;
    this.pieces.set(score, {
      conductor: new Conductor(score),
      band: new Band(this.context, this.desk, this.samples, score),
    });
  }

  ready(score: Score): boolean {
    return this.pieces.has(score);
  }

  /** The slug of the piece that plays. */
  get piecePlaying(): string | null {
    return this.playing && this.piece!.conductor.score.slug;
  }

  get playing(): FormName | null {
    return this.piece?.conductor.playing ?? null;
  }

  get rushing(): boolean {
    return this.piece?.conductor.rushing ?? false;
  }

  get sounding(): number {
    return this.piece?.band.sounding ?? 0;
  }

  /** Starts a form of a prepared score at once. */
  start(score: Score, form: FormName, time: number, wish: Wish = {}): void {
    const piece = this.pieces.get(score);
    if (!piece) return;
    this.piece?.band.hush(time);
    this.piece = piece;
    this.after = wish.then ?? null;
    piece.conductor.start(form, wish);
    this.desk.layer("last-lap", false, time);
    this.pulse.stop(time);
    this.pulse.start(time + 0.01);
  }

  lastLap(): void {
    this.piece?.conductor.lastLap();
  }

  stop(time: number): void {
    this.pulse.stop(time);
    this.piece?.conductor.stop();
    this.piece?.band.hush(time, 0.1);
    this.after = null;
  }

  /** Stands still where it is, or goes on. */
  pause(still: boolean, time: number): void {
    if (still) {
      this.pulse.pause(time);
      this.piece?.band.hush(time, 0.05);
    } else if (this.playing) this.pulse.start(time);
  }

  private slice(time: number): void {
    const { piece } = this;
    if (!piece) return;
    const { cues, seconds, ended } = piece.conductor.step();
    this.desk.layer("last-lap", piece.conductor.rushing, time);
    this.pulse.lasts(seconds, time);
    for (const cue of cues) piece.band.play(cue, time);
    if (!ended) return;
    const then = this.after;
    this.after = null;
    if (then) then(time + seconds);
    else this.pulse.stop(time + seconds);
  }
}

import { KIT, barTicks, secondsPerTick, type FormName, type Score } from "./score";

/** A note to be played: when, counted from its slice's start, and for how long, in seconds. */
export interface Cue {
  part: number;
  pitch: number;
  loud: number; // 0..1
  after: number;
  seconds: number;
}

export interface Slice {
  cues: Cue[];
  /** How long the slice lasts. */
  seconds: number;
  /** The form has come to its end with this slice, and nothing follows. */
  ended: boolean;
}

/** The slices into which a bar is cut; one is asked for at a time. */
export const SLICE_TICKS = 24;
const PHRASE_BARS = 2;
const CYCLED: ReadonlySet<FormName> = new Set(["intro", "loop", "last-lap", "results"]);

/** Reads a score from section to section, as the race asks. It knows no clock and no sound. */
export class Conductor {
  private readonly bar: number;
  private form: FormName | null = null;
  private place = 0;
  private tick = 0;
  private cursors: number[] = [];
  private nextTicks: number[] = [];
  private rush = false;
  private asked = false;
  private once = false;

  constructor(readonly score: Score) {
    this.bar = barTicks(score);
  }

  get playing(): FormName | null {
    return this.form;
  }

  /** The last lap's tempo and key are on. */
  get rushing(): boolean {
    return this.rush;
  }

  /** Starts a form at the first lap's tempo; `once` even where it would go round. */
  start(form: FormName, { skipBars = 0, once = false } = {}): void {
    this.rush = this.asked = false;
    this.once = once;
    this.jump(form);
    for (let bars = skipBars; bars > 0 && this.form; bars--)
      for (let t = 0; t < this.bar && this.form; t += SLICE_TICKS) this.step();
  }

  stop(): void {
    this.form = null;
  }

  /** From the next phrase on: faster, higher, and the last lap's own sections if there are any. */
  lastLap(): void {
    if (this.form === "loop" && !this.rush) this.asked = true;
  }

  step(): Slice {
    this.turn();
    const perTick = secondsPerTick(this.score, this.rush);
    const seconds = SLICE_TICKS * perTick;
    const section = this.section();
    if (!section) return { cues: [], seconds, ended: true };
    const cues: Cue[] = [];
    section.tracks.forEach((track, k) => {
      const { notes } = track;
      const kit = this.score.parts[track.part]!.instrument === KIT;
      for (;;) {
        const at = this.cursors[k]!;
        if (at >= notes.length || this.nextTicks[k]! >= this.tick + SLICE_TICKS) break;
        cues.push({
          part: track.part,
          pitch: notes[at + 1]! + (this.rush && !kit ? this.score.lift : 0),
          loud: notes[at + 3]! / 127,
          after: (this.nextTicks[k]! - this.tick) * perTick,
          seconds: notes[at + 2]! * perTick,
        });
        this.cursors[k] = at + 4;
        this.nextTicks[k]! += notes[at + 4] ?? 0;
      }
    });
    this.tick += SLICE_TICKS;
    const ended = this.tick >= section.bars * this.bar && !this.advance();
    return { cues, seconds, ended };
  }

  private section(): Score["sections"][string] | null {
    const slug = this.form ? this.score.form[this.form][this.place] : undefined;
    return slug === undefined ? null : this.score.sections[slug]!;
  }

  private jump(form: FormName): void {
    this.form = this.score.form[form].length > 0 ? form : null;
    this.place = 0;
    this.open();
  }

  private open(): void {
    this.tick = 0;
    const tracks = this.section()?.tracks ?? [];
    this.cursors = tracks.map(() => 0);
    this.nextTicks = tracks.map((track) => track.notes[0] ?? 0);
  }

  /** The change to the last lap waits for a phrase to end. */
  private turn(): void {
    if (!this.asked || this.tick % (this.bar * PHRASE_BARS) !== 0) return;
    this.asked = false;
    this.rush = true;
    if (this.score.form["last-lap"].length > 0) this.jump("last-lap");
  }

  /** To the next section; false where the form is over. */
  private advance(): boolean {
    const form = this.form!;
    this.place++;
    if (this.place >= this.score.form[form].length) {
      if (this.once || !CYCLED.has(form)) {
        this.form = null;
        return false;
      }
      this.place = 0;
    }
    this.open();
    return true;
  }
}

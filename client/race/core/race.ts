import {
  HEADER,
  H_PHASE,
  H_TICK,
  INPUT_STRIDE,
  KART_STRIDE,
  K_FINISH_FRAC,
  K_FINISH_TICK,
  K_LAP,
  K_LAP_START,
  K_X,
  K_Y,
  PHASE_COUNTDOWN,
  SIM_VERSION,
  S_TX,
  S_TY,
  S_X,
  S_Y,
  TRACK_HEADER,
  init_race,
  step,
} from "../generated/sim.js";
import { eventsBetween, type RaceEvent } from "./events";
import { tickToMs } from "./format";
import { STEER_MAX, packButtons, quantiseSteer, type Wish } from "./quantise";
import { Recording } from "./recording";
import { encodeReplay, type Replay } from "./replay";
import { stateHash } from "./statehash";
import type { Rivals } from "./rivals";
import { Standings } from "./standings";
import type { Track } from "./track";

/** The two latest states of a race. */
export interface Driven {
  prev: Float64Array;
  cur: Float64Array;
}

function fresh(track: Track, laps: number, karts = 1): Driven {
  const cur = new Float64Array(HEADER + KART_STRIDE * karts);
  init_race(cur, track.table, karts, laps);
  return { prev: cur.slice(), cur };
}

/** The part of the tick (0..1) after which a kart stood on the finish line. */
export function lineFraction(
  track: Track,
  prev: Float64Array,
  cur: Float64Array,
  kart = 0,
): number {
  const line = TRACK_HEADER;
  const base = HEADER + KART_STRIDE * kart;
  const along = (state: Float64Array): number =>
    (state[base + K_X]! - track.table[line + S_X]!) * track.table[line + S_TX]! +
    (state[base + K_Y]! - track.table[line + S_Y]!) * track.table[line + S_TY]!;
  const before = along(prev);
  const after = along(cur);
  return before < 0 && after >= 0 ? -before / (after - before) : 1;
}

/** A ghost is a replay driven again in a world of its own. */
export class Ghost {
  readonly driven: Driven;
  /** Progress in metres after each tick, for the split. */
  readonly progress: Float64Array;
  readonly finishFrac: number;
  private tick = 0;
  private readonly input = new Int32Array(2);

  constructor(
    readonly replay: Replay,
    readonly name: string,
    private readonly track: Track,
    progressField: number,
    /** What its driver wears, as a server or a browser told it; null when nobody knows. */
    readonly outfit: unknown = null,
  ) {
    this.driven = fresh(track, replay.laps);
    this.progress = new Float64Array(replay.nTicks);
    for (let t = 0; t < replay.nTicks; t++) {
      this.step();
      this.progress[t] = this.driven.cur[HEADER + progressField]!;
    }
    this.finishFrac = this.driven.cur[HEADER + K_FINISH_FRAC]!;
    this.rewind();
  }

  /** Ticks the whole race took, from GO. */
  get finishTicks(): number {
    return this.replay.finishTicks;
  }

  /** −1 left … 1 right in the tick last driven. */
  get steer(): number {
    return this.input[0]! / STEER_MAX;
  }

  rewind(): void {
    const again = fresh(this.track, this.replay.laps);
    this.driven.cur.set(again.cur);
    this.driven.prev.set(again.prev);
    this.tick = 0;
  }

  step(): void {
    const inputs = this.replay.karts[0]!;
    const over = this.tick >= this.replay.nTicks;
    this.driven.prev.set(this.driven.cur);
    this.input[0] = over ? 0 : inputs[2 * this.tick]!;
    this.input[1] = over ? 0 : inputs[2 * this.tick + 1]!;
    step(this.driven.cur, this.track.table, this.input);
    this.tick++;
  }

  /** The tick at which the ghost had come `metres` far, with its part; null beyond its finish. */
  tickAt(metres: number): number | null {
    let low = 0;
    let high = this.progress.length - 1;
    if (high < 0 || metres > this.progress[high]!) return null;
    while (low < high) {
      const mid = (low + high) >> 1;
      if (this.progress[mid]! < metres) low = mid + 1;
      else high = mid;
    }
    if (low === 0) return 0;
    const span = this.progress[low]! - this.progress[low - 1]!;
    return low - (span > 0 ? (this.progress[low]! - metres) / span : 0);
  }
}

/** One race: the simulated state, what was pressed, and a ghost beside it or rivals in it. */
export class Race {
  readonly driven: Driven;
  /** Which kart of the state is the player's: behind all rivals on the grid. */
  readonly kart: number;
  readonly standings: Standings | null;
  /** When the line was crossed, in ms since GO; the last is the race's time. */
  readonly lineMs: number[] = [];
  private readonly recording = new Recording();
  private readonly input: Int32Array;
  private readonly base: number;
  private finishHash = "";

  constructor(
    readonly track: Track,
    readonly laps: number,
    readonly ghost: Ghost | null,
    readonly rivals: Rivals | null = null,
  ) {
    this.kart = rivals?.count ?? 0;
    this.base = HEADER + KART_STRIDE * this.kart;
    this.input = new Int32Array(INPUT_STRIDE * (this.kart + 1));
    this.driven = fresh(track, laps, this.kart + 1);
    this.standings = rivals ? new Standings(track, laps, this.kart + 1) : null;
    ghost?.rewind();
    rivals?.begin();
  }

  get tick(): number {
    return this.driven.cur[H_TICK]!;
  }

  get counting(): boolean {
    return this.driven.cur[H_PHASE] === PHASE_COUNTDOWN;
  }

  get finishTicks(): number {
    return this.field(K_FINISH_TICK);
  }

  field(offset: number): number {
    return this.driven.cur[this.base + offset]!;
  }

  /** −1 left … 1 right in the tick last driven. */
  steerOf(kart: number): number {
    return this.input[INPUT_STRIDE * kart]! / STEER_MAX;
  }

  /** One tick. Until the finish every input is kept; after it the kart only rolls on. */
  step(wish: Wish): RaceEvent[] {
    const { prev, cur } = this.driven;
    const finished = this.finishTicks > 0;
    prev.set(cur);
    const steer = quantiseSteer(wish.steer);
    const buttons = packButtons(wish);
    this.input[INPUT_STRIDE * this.kart] = steer;
    this.input[INPUT_STRIDE * this.kart + 1] = buttons;
    if (!finished) this.recording.add(steer, buttons);
    this.rivals?.choose(cur, this.input);
    step(cur, this.track.table, this.input);
    this.ghost?.step();
    this.standings?.note(cur);
    if (!finished) this.noteLine(prev, cur);
    if (!finished && this.finishTicks > 0) this.finishHash = stateHash(cur);
    return finished ? [] : eventsBetween(prev, cur, this.kart);
  }

  private noteLine(prev: Float64Array, cur: Float64Array): void {
    if (this.field(K_LAP) <= prev[this.base + K_LAP]!) return;
    const done = this.finishTicks > 0;
    const frac = done ? this.field(K_FINISH_FRAC) : lineFraction(this.track, prev, cur, this.kart);
    const ticks = done ? this.finishTicks : this.field(K_LAP_START);
    this.lineMs.push(tickToMs(ticks, frac));
  }

  /** Milliseconds of each lap driven. */
  get lapMs(): number[] {
    return this.lineMs.map((ms, i) => ms - (this.lineMs[i - 1] ?? 0));
  }

  /** The file the server will re-drive; only after the finish of a race without rivals. */
  replay(): Uint8Array<ArrayBuffer> {
    return encodeReplay({
      simVersion: SIM_VERSION.slice(0, 8),
      trackId: this.track.id,
      laps: this.laps,
      nTicks: this.recording.ticks,
      karts: [this.recording.inputs()],
      finishTicks: Math.round(this.finishTicks),
      hash: this.finishHash,
    });
  }
}

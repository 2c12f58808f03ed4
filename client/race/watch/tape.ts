import {
  HEADER,
  H_COUNTDOWN,
  K_FINISH_FRAC,
  K_FINISH_TICK,
  K_FRAC,
  K_LAP,
  K_LAP_START,
  K_SEG,
  K_X,
  K_Y,
  SIM_VERSION,
  step,
} from "../generated/sim.js";
import { rollOut } from "../core/autopilot";
import { eventsBetween, type RaceEvent } from "../core/events";
import { TICKS_PER_SECOND, tickToMs } from "../core/format";
import { interpolate, newPose } from "../core/pose";
import { STEER_MAX, quantiseSteer } from "../core/quantise";
import { Race, lineFraction } from "../core/race";
import { decodeReplay, type Replay } from "../core/replay";
import { stateHash } from "../core/statehash";
import type { Track } from "../core/track";

/** Why a replay cannot be shown: `other-rules`, `other-road`, `karts` or `untrue`. */
export class TapeError extends Error {
  constructor(readonly why: "other-rules" | "other-road" | "karts" | "untrue") {
    super(why);
  }
}

export const KEPT_EVERY = 2 * TICKS_PER_SECOND;
const ROLL_OUT_TICKS = 3 * TICKS_PER_SECOND;
/** Numbers kept of each tick: x and y in metres, and samples from the line. */
export const SPOT = 3;

/** A crossing of the line: after how many ticks, and its time since GO. */
export interface Crossing {
  tick: number;
  ms: number;
}

/**
 * A race whose inputs are known: it runs at will, forwards or from any tick.
 *
 * It is driven once when it is made: that proves it against its own hash, and leaves a state every
 * two seconds, from which a jump starts. After the finish the kart rolls out for three seconds.
 */
export class Tape extends Race {
  /** All there is to see, in ticks from the countdown's first. */
  readonly ticks: number;
  readonly crossings: Crossing[] = [];
  /** Where the kart is after each tick: `SPOT` numbers each. */
  readonly path: Float64Array;
  private at = 0;
  private readonly inputs: Int32Array;
  private readonly kept: Float64Array[] = [];
  private readonly pressed = new Int32Array(2);

  constructor(replay: Replay, track: Track) {
    super(track, replay.laps, null);
    if (replay.trackId !== track.id) throw new TapeError("other-road");
    if (replay.simVersion !== SIM_VERSION.slice(0, 8)) throw new TapeError("other-rules");
    if (replay.karts.length !== 1) throw new TapeError("karts");
    this.ticks = replay.nTicks + ROLL_OUT_TICKS;
    this.inputs = new Int32Array(2 * this.ticks);
    this.inputs.set(replay.karts[0]!);
    this.path = new Float64Array(SPOT * (this.ticks + 1));
    this.driveThrough(replay);
    this.seek(0);
  }

  static fromBytes(bytes: Uint8Array, track: Track): Tape {
    return new Tape(decodeReplay(bytes), track);
  }

  /** Ticks run so far. */
  get now(): number {
    return this.at;
  }

  get countdown(): number {
    return this.driven.cur[H_COUNTDOWN]!;
  }

  get isOver(): boolean {
    return this.at >= this.ticks;
  }

  /** −1 left … 1 right in the tick last run. */
  get steer(): number {
    return this.at > 0 ? this.inputs[2 * (this.at - 1)]! / STEER_MAX : 0;
  }

  /** One tick further; nothing happens at the end. */
  forward(): RaceEvent[] {
    if (this.isOver) return [];
    const { prev, cur } = this.driven;
    const wasDone = this.finishTicks > 0;
    this.run();
    this.noteCrossings();
    return wasDone ? [] : eventsBetween(prev, cur);
  }

  /** To the state after `tick` ticks, from the nearest kept one before it. */
  seek(tick: number): void {
    const wanted = Math.max(0, Math.min(this.ticks, Math.round(tick)));
    const nearest = Math.floor(wanted / KEPT_EVERY);
    const isNear = this.at <= wanted && this.at >= nearest * KEPT_EVERY;
    if (!isNear) {
      this.driven.cur.set(this.kept[nearest]!);
      this.driven.prev.set(this.driven.cur);
      this.at = nearest * KEPT_EVERY;
    }
    while (this.at < wanted) this.run();
    this.noteCrossings();
  }

  private run(): void {
    const { prev, cur } = this.driven;
    prev.set(cur);
    this.pressed[0] = this.inputs[2 * this.at]!;
    this.pressed[1] = this.inputs[2 * this.at + 1]!;
    step(cur, this.track.table, this.pressed);
    this.at++;
  }

  private noteCrossings(): void {
    this.lineMs.length = 0;
    for (const { tick, ms } of this.crossings) if (tick <= this.at) this.lineMs.push(ms);
  }

  private driveThrough(replay: Replay): void {
    const pose = newPose();
    const { prev, cur } = this.driven;
    this.note();
    while (this.at < this.ticks) {
      if (this.at >= replay.nTicks) {
        interpolate(pose, prev, cur, 1, 0, this.track);
        this.inputs[2 * this.at] = quantiseSteer(rollOut(pose, this.track));
      }
      this.run();
      this.note();
      if (this.at === replay.nTicks && stateHash(cur) !== replay.hash)
        throw new TapeError("untrue");
    }
  }

  private note(): void {
    const { prev, cur } = this.driven;
    if (this.at % KEPT_EVERY === 0) this.kept.push(cur.slice());
    const spot = [this.field(K_X), this.field(K_Y), this.field(K_SEG) + this.field(K_FRAC)];
    this.path.set(spot, SPOT * this.at);
    if (this.field(K_LAP) <= prev[HEADER + K_LAP]!) return;
    if (this.crossings.length >= this.laps) return;
    const isLast = prev[HEADER + K_FINISH_TICK] === 0 && this.finishTicks > 0;
    const frac = isLast ? this.field(K_FINISH_FRAC) : lineFraction(this.track, prev, cur);
    const ticks = isLast ? this.finishTicks : this.field(K_LAP_START);
    this.crossings.push({ tick: this.at, ms: tickToMs(ticks, frac) });
  }
}

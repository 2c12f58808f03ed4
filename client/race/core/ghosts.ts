import { K_PROGRESS } from "../generated/sim.js";
import { tickToMs } from "./format";
import type { Outbox } from "./outbox";
import { Ghost } from "./race";
import type { Records } from "./records";
import { decodeReplay } from "./replay";
import type { Track } from "./track";

export class GhostError extends Error {}

/** Where ghosts come from: the board, or this player's best kept in the browser. */
export class Ghosts {
  constructor(
    private readonly track: Track,
    private readonly laps: number,
    private readonly simVersion: string,
    private readonly records: Records,
    private readonly outbox: Outbox,
    /** What this player wears. */
    private readonly outfit: unknown,
  ) {}

  fromBytes(bytes: Uint8Array, name: string, outfit: unknown): Ghost {
    const replay = decodeReplay(bytes);
    if (replay.trackId !== this.track.id) throw new GhostError("the ghost drove another track");
    if (replay.simVersion !== this.simVersion.slice(0, 8))
      throw new GhostError("the ghost drove by other rules");
    if (replay.laps !== this.laps) throw new GhostError("the ghost drove another number of laps");
    return new Ghost(replay, name, this.track, K_PROGRESS, outfit);
  }

  async ofRecord(id: string, name: string): Promise<Ghost> {
    const [bytes, outfit] = await Promise.all([
      this.records.replay(id),
      // Whoever it was, the ghost drives as well in other clothes.
      this.records.outfit(id).catch(() => null),
    ]);
    return this.fromBytes(bytes, name, outfit);
  }

  async ownBest(name: string): Promise<Ghost | null> {
    const best = await this.outbox.best(this.track.id);
    if (!best) return null;
    try {
      return this.fromBytes(best.replay, name, this.outfit);
    } catch {
      return null; // driven by rules that are no more
    }
  }

  /** Keeps this race in the browser when it is the fastest here. */
  async keepIfBest(replay: Uint8Array<ArrayBuffer>, timeMs: number): Promise<void> {
    const best = await this.outbox.best(this.track.id);
    const current = best && (await this.ownBest(""));
    if (!current || timeMs < best.timeMs)
      await this.outbox.keepBest(this.track.id, { timeMs, replay });
  }
}

export const ghostTimeMs = (ghost: Ghost): number => tickToMs(ghost.finishTicks, ghost.finishFrac);

import { K_LAP } from "../generated/sim.js";
import type { Stats } from "../render/stage";
import type { Player } from "./player";

/** Facts of the running replay for whoever watches from outside. They can be read and never set. */
export interface WatchFacts {
  readonly playing: boolean;
  readonly tick: number;
  readonly ticks: number;
  readonly lap: number;
  readonly pace: number;
  readonly camera: string;
  readonly muted: boolean;
  /** The piece that plays. */
  readonly music: string | null;
  readonly x: number;
  readonly y: number;
  readonly speed: number;
}

declare global {
  interface Window {
    moongateWatch?: { readonly state: WatchFacts; stats(): Readonly<Stats> };
  }
}

export function installWatchProbe(player: Player): void {
  const facts = (): WatchFacts =>
    Object.freeze({
      playing: player.isPlaying,
      tick: player.tape.now,
      ticks: player.tape.ticks,
      lap: player.tape.field(K_LAP),
      pace: player.pace,
      camera: player.shot.kind,
      muted: player.isMuted,
      music: player.music,
      ...player.spot,
    });
  window.moongateWatch = Object.freeze({
    get state() {
      return facts();
    },
    stats: () => Object.freeze({ ...player.stage.stats }),
  });
}

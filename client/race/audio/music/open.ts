import { Context } from "tone";
import { Player } from "./player";
import type { Samples } from "./samples";

/** A player on the game's own sound card. */
export function openPlayer(native: AudioContext, out: AudioNode, samples: Samples): Player {
  const player = new Player(new Context({ context: native, lookAhead: 0.15 }), samples);
  player.desk.out.connect(out);
  return player;
}

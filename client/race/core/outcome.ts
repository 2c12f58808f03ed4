import type { Outcome } from "../cast/rider";
import { ghostTimeMs } from "./ghosts";
import type { Race } from "./race";

/** Whether there is something to cheer: the front half of a field, a ghost beaten, a lap of one's own. */
export function outcomeOf(race: Race): Outcome {
  const { standings, ghost } = race;
  if (standings) return standings.placeOf(race.kart) <= standings.karts / 2 ? "won" : "lost";
  const timeMs = race.lineMs.at(-1) ?? 0;
  return ghost && timeMs > ghostTimeMs(ghost) ? "lost" : "won";
}

import { ticksIn, type Footage } from "./footage";
import { SIGHT, sights, type Sight } from "./sights";
import { nextSide, standBeside, type Trackside } from "./trackside";

/** One camera from the tick `from` on, until the next shot begins. */
export type Shot = { readonly kind: "grid" | "chase"; readonly from: number } | Trackside | Sight;

const AFTER_GO = ticksIn(0.8);
const CHASE = ticksIn(4);
const FINISH_LEAD = ticksIn(3.2);
const LINE_EYE_M = 2.6;

/**
 * The cuts of a whole race, in order, the first at tick 0.
 *
 * They depend on the race alone, so that a jump lands in the shot in which playing arrives there.
 * The grid opens; landmarks are taken from the air as they are passed; between them the chase and
 * cameras beside the road take turns, each only for as long as it sees the kart; the finish is
 * seen from the line.
 */
export function planShots(footage: Footage): Shot[] {
  const shots: Shot[] = [{ kind: "grid", from: 0 }];
  const finale = Math.max(footage.countdown + AFTER_GO + CHASE, footage.finish - FINISH_LEAD);
  let at = footage.countdown + AFTER_GO;
  for (const sight of sights(footage, at + CHASE, finale)) {
    fill(shots, footage, at, sight.from);
    shots.push(sight);
    at = sight.from + SIGHT;
  }
  fill(shots, footage, at, finale);
  shots.push(standBeside(footage, footage.finish, finale, LINE_EYE_M));
  return shots;
}

/** The shot that is on after `tick` ticks. */
export function shotAt(shots: readonly Shot[], tick: number): Shot {
  let found = shots[0]!;
  for (const shot of shots) if (shot.from <= tick) found = shot;
  return found;
}

/** Chase and trackside in turn from `at` to `until`. */
function fill(shots: Shot[], footage: Footage, at: number, until: number): void {
  let cursor = at;
  while (cursor < until) {
    shots.push({ kind: "chase", from: cursor });
    const side = nextSide(footage, cursor + CHASE, until);
    if (!side) return;
    shots.push(side.shot);
    cursor = side.until;
  }
}

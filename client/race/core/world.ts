import type { Outcome } from "../cast/rider";
import type { Config } from "./config";
import type { RaceEvent } from "./events";
import { newPose, type Pose } from "./pose";
import { idleWish, type Wish } from "./quantise";
import type { Race } from "./race";
import type { Settings } from "./settings";
import type { Track } from "./track";
import type { Strings } from "../ui/strings";

/** loading → gate → intro → countdown → racing → finished; again from intro. */
export type Phase = "loading" | "gate" | "intro" | "countdown" | "racing" | "finished";

export type InputKind = "keys" | "touch" | "pad";

/** What the systems of a frame share. Each field has one writer, named in README.md. */
export interface World {
  readonly config: Config;
  readonly settings: Settings;
  readonly strings: Strings;
  readonly track: Track;
  race: Race;
  phase: Phase;
  paused: boolean;
  /** Seconds in this phase, paused time left out. */
  phaseTime: number;
  /** Seconds of drawn time, for whatever waves or flickers. */
  clock: number;
  /** Ticks run in the last frame. */
  steps: number;
  /** What the driver wants now. */
  wish: Wish;
  lookBack: boolean;
  inputKind: InputKind;
  /** What happened since the last frame. */
  events: RaceEvent[];
  me: Pose;
  ghost: Pose | null;
  /** Who else is in this race, in the order of the grid. */
  rivals: Pose[];
  /** Milliseconds by which the ghost is ahead (+) or behind (−); null without one. */
  split: number | null;
  /** How the race ended for the player; null until it has. */
  outcome: Outcome | null;
  /** Where on the page the middle of the view should stand, as shares; the gate's opening is not the middle. */
  focus: { x: number; y: number };
  /** Draw everything, or only what a weak device can afford. */
  lowDetail: boolean;
}

/** One thing that happens in every frame. */
export interface System {
  readonly name: string;
  /** A new race begins. */
  reset?(world: World): void;
  /** Once a drawn frame; `dt` in seconds, 0 while paused. */
  frame(world: World, dt: number): void;
}

export function newWorld(
  fixed: Pick<World, "config" | "settings" | "strings" | "track" | "race" | "lowDetail">,
): World {
  return {
    ...fixed,
    phase: "gate",
    paused: false,
    phaseTime: 0,
    clock: 0,
    steps: 0,
    wish: idleWish(),
    lookBack: false,
    inputKind: matchMedia("(pointer: coarse)").matches ? "touch" : "keys",
    events: [],
    me: newPose(),
    ghost: race(fixed.race),
    rivals: [],
    split: null,
    outcome: null,
    focus: { x: 0.5, y: 0.5 },
  };
}

const race = (value: Race): Pose | null => (value.ghost ? newPose() : null);

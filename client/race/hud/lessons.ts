import { K_MINI_WINDOW, K_NITRO_STOCK } from "../generated/sim.js";
import { saveSettings } from "../core/settings";
import type { System, World } from "../core/world";
import { make, setText } from "../ui/dom";
import type { Strings } from "../ui/strings";

const BEND = 0.012; // 1/m, a bend worth a drift
const AHEAD_M = 30;
const FAST = 18; // m/s

interface Lesson {
  key: "drift" | "mini" | "nitro";
  keys: keyof Strings;
  touch: keyof Strings;
  one: keyof Strings;
  /** The moment at which the lesson helps. */
  now(world: World): boolean;
}

const LESSONS: Lesson[] = [
  {
    key: "drift",
    keys: "teachDriftKeys",
    touch: "teachDriftTouch",
    one: "teachDriftOne",
    now: ({ me, track }) =>
      me.speed > FAST && Math.abs(track.point(me.along + AHEAD_M / track.ds).curvature) > BEND,
  },
  {
    key: "mini",
    keys: "teachMiniKeys",
    touch: "teachMiniTouch",
    one: "teachMiniOne",
    now: ({ race }) => race.field(K_MINI_WINDOW) > 0,
  },
  {
    key: "nitro",
    keys: "teachNitroKeys",
    touch: "teachNitroTouch",
    one: "teachNitroOne",
    now: ({ race, me }) => race.field(K_NITRO_STOCK) >= 1 && me.drift === 0,
  },
];

/** Teaches each technique at its moment, once; what was done needs no telling. */
export class Lessons implements System {
  readonly name = "lessons";
  private readonly box = make("div", { class: "rg-lesson", role: "status" });

  constructor(root: HTMLElement) {
    root.append(this.box);
  }

  frame(world: World): void {
    this.note(world);
    const racing = world.phase === "racing" && !world.paused;
    const lesson = racing
      ? LESSONS.find(({ key, now }) => !world.settings.learnt.includes(key) && now(world))
      : undefined;
    this.box.classList.toggle("is-shown", lesson !== undefined);
    if (!lesson) return;
    const how =
      world.inputKind !== "touch"
        ? lesson.keys
        : world.settings.touch === "one"
          ? lesson.one
          : lesson.touch;
    setText(this.box, world.strings[how]);
  }

  private note(world: World): void {
    const { learnt } = world.settings;
    for (const { kind } of world.events) {
      if (
        (kind === "drift-end" || kind === "mini" || kind === "nitro") &&
        !learnt.includes(kind === "drift-end" ? "drift" : kind)
      ) {
        learnt.push(kind === "drift-end" ? "drift" : kind);
        saveSettings(world.settings);
      }
    }
  }
}

import { LEVELS, type Level } from "../core/rivals";
import { saveSettings, type Mode, type Settings } from "../core/settings";
import { make } from "./dom";
import { choice } from "./settingsform";
import type { Strings } from "./strings";

const FIELDS = ["1", "3", "5", "7"] as const;

/** What kind of race: alone against the clock, or against AI drivers of a level. */
export function modeChooser(settings: Settings, s: Strings, changed: () => void): HTMLElement {
  const rivals = make(
    "div",
    { class: "rg-modes" },
    choice<Level>(
      s.theirLevel,
      "level",
      settings.level,
      LEVELS.map((level): [Level, string] => [level, s[level]]),
      (level) => set({ level }),
    ),
    choice<string>(
      s.rivals,
      "rivals",
      String(settings.rivals),
      FIELDS.map((count): [string, string] => [count, count]),
      (count) => set({ rivals: Number(count) }),
    ),
  );
  const set = (wanted: Partial<Settings>): void => {
    Object.assign(settings, wanted);
    rivals.hidden = settings.mode !== "race";
    saveSettings(settings);
    changed();
  };
  rivals.hidden = settings.mode !== "race";
  const mode = choice<Mode>(
    s.mode,
    "mode",
    settings.mode,
    [
      ["trial", s.timeTrial],
      ["race", s.raceRivals],
    ],
    (chosen) => set({ mode: chosen }),
  );
  return make("div", { class: "rg-modes" }, mode, rivals);
}

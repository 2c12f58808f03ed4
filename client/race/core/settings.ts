import { LEVELS, MOST_RIVALS, type Level } from "./rivals";
import type { Language } from "./config";
import type { SpeedUnit } from "./format";

export type Mode = "trial" | "race";
export type TouchScheme = "one" | "two" | "tilt";

/** What a player chose, kept in this browser. */
export interface Settings {
  touch: TouchScheme;
  autoThrottle: boolean;
  volume: number; // 0..1
  /** Loudness of the music, apart from the effects; 0..1. */
  music: number;
  muted: boolean;
  unit: SpeedUnit;
  haptics: boolean;
  mode: Mode;
  /** Of the AI drivers raced against, and how many there are. */
  level: Level;
  rivals: number;
  /** Whether collected visitor's cards are counted; no name goes with them. */
  interest: boolean;
  /** Techniques this player has done at least once. */
  learnt: string[];
}

const KEY = "moongate.race.settings";

function defaults(language: Language): Settings {
  return {
    touch: "two",
    autoThrottle: true,
    volume: 0.8,
    music: 0.7,
    muted: false,
    unit: language === "en" ? "mph" : "km/h",
    haptics: true,
    mode: "trial",
    level: "amateur",
    rivals: 5,
    interest: true,
    learnt: [],
  };
}

function checkedMode({ mode, level, rivals }: Settings): Pick<Settings, "mode" | "level" | "rivals"> {
  const count = Number.isInteger(rivals) && rivals >= 1 && rivals <= MOST_RIVALS;
  return {
    mode: mode === "race" ? "race" : "trial",
    level: LEVELS.includes(level) ? level : "amateur",
    rivals: count ? rivals : 5,
  };
}

export function loadSettings(language: Language): Settings {
  const base = defaults(language);
  try {
    const saved: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    if (typeof saved === "object" && saved !== null) {
      const all: Settings = { ...base, ...saved };
      return { ...all, ...checkedMode(all), learnt: Array.isArray(all.learnt) ? all.learnt : [] };
    }
  } catch {
    // Storage may be closed to us, or hold what an older version wrote.
  }
  return base;
}

export function saveSettings(settings: Settings): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(settings));
  } catch {
    // A private window keeps nothing; the game goes on.
  }
}

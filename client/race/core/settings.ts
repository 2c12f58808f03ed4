import type { Language } from "./config";
import type { SpeedUnit } from "./format";

export type TouchScheme = "one" | "two" | "tilt";

/** What a player chose, kept in this browser. */
export interface Settings {
  touch: TouchScheme;
  autoThrottle: boolean;
  volume: number; // 0..1
  muted: boolean;
  unit: SpeedUnit;
  haptics: boolean;
  /** Techniques this player has done at least once. */
  learnt: string[];
}

const KEY = "moongate.race.settings";

function defaults(language: Language): Settings {
  return {
    touch: "two",
    autoThrottle: true,
    volume: 0.8,
    muted: false,
    unit: language === "en" ? "mph" : "km/h",
    haptics: true,
    learnt: [],
  };
}

export function loadSettings(language: Language): Settings {
  const base = defaults(language);
  try {
    const saved: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    if (typeof saved === "object" && saved !== null) {
      const all: Settings = { ...base, ...saved };
      return { ...all, learnt: Array.isArray(all.learnt) ? all.learnt : [] };
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

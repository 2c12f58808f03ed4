/** What the page tells the game, in the `data-` attributes of `#race-app`. */
export interface Config {
  track: string;
  api: string;
  edition: string;
  back: string;
  ghost: string;
  /** Where a record is posted; its id follows. Empty where nothing can be posted. */
  compose: string;
  /** The page of this course's visitor's cards, and the service worker; empty where there is none. */
  cards: string;
  worker: string;
  /** What the driver wears, as the server keeps it; empty where this browser knows. */
  outfit: string;
  language: Language;
  quality: Quality;
  /** Whether rivals far away are drawn simplified; `?far=whole` shows what that saves. */
  simpleFar: boolean;
  reducedMotion: boolean;
}

export type Language = "en" | "zh-hans";
export type Quality = "low" | "high" | "auto";

function quality(value: string | null): Quality {
  return value === "low" || value === "high" ? value : "auto";
}

export function readConfig(root: HTMLElement, location: Location, htmlLang: string): Config {
  const query = new URLSearchParams(location.search);
  const need = (key: string): string => {
    const value = root.dataset[key];
    if (!value) throw new Error(`#race-app has no data-${key}`);
    return value;
  };
  return {
    track: need("track"),
    api: need("api").replace(/\/?$/, "/"),
    edition: need("edition"),
    back: root.dataset["back"] ?? "/race/",
    compose: root.dataset["compose"] ?? "",
    ghost: root.dataset["ghost"] ?? query.get("ghost") ?? "",
    cards: root.dataset["cards"] ?? "",
    worker: root.dataset["worker"] ?? "",
    outfit: root.dataset["outfit"] ?? "",
    language: htmlLang.toLowerCase().startsWith("zh") ? "zh-hans" : "en",
    quality: quality(query.get("quality")),
    simpleFar: query.get("far") !== "whole",
    reducedMotion: matchMedia("(prefers-reduced-motion: reduce)").matches,
  };
}

/** What the page tells the game, in the `data-` attributes of `#race-app`. */
export interface Config {
  track: string;
  api: string;
  edition: string;
  back: string;
  ghost: string;
  language: Language;
  quality: Quality;
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
    ghost: root.dataset["ghost"] ?? query.get("ghost") ?? "",
    language: htmlLang.toLowerCase().startsWith("zh") ? "zh-hans" : "en",
    quality: quality(query.get("quality")),
    reducedMotion: matchMedia("(prefers-reduced-motion: reduce)").matches,
  };
}

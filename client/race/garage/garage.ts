import "../css/garage.css";
import { fitted, keptOutfit, type Outfit } from "../cast/outfit";
import { Wardrobe } from "../cast/wardrobe";
import type { Language } from "../core/config";
import { castOf, fetchEdition } from "../core/edition";
import { make, setText } from "../ui/dom";
import { fill } from "../ui/strings";
import { Panel } from "./panel";
import { Photographer } from "./photographer";
import { saveOutfit } from "./save";
import { Tunes } from "./tunes";
import { garageStringsFor, type GarageStrings } from "./strings";
import { Turntable, type Part } from "./turntable";

const TILE_PIXELS = 200;
const NOTE_MS = 6000;

declare global {
  interface Window {
    /** Facts of the garage for whoever watches from outside. */
    moongateGarage?: {
      readonly outfit: Outfit;
      readonly drawn: { calls: number; triangles: number };
      readonly angle: number;
      /** The piece that plays. */
      readonly music: string | null;
    };
  }
}

/** Finds the page's `#race-garage` and opens the garage in it. */
async function boot(): Promise<void> {
  const root = document.querySelector<HTMLElement>("#race-garage");
  if (!root) return;
  const language: Language = document.documentElement.lang.toLowerCase().startsWith("zh")
    ? "zh-hans"
    : "en";
  const s = garageStringsFor(language);
  const note = make("p", { class: "gr-note", role: "status" }, s.loading);
  root.append(note);
  try {
    if (!document.createElement("canvas").getContext("webgl2")) throw new Error(s.unsupported);
    await open(root, language, s, note);
  } catch (error) {
    const again = make("button", { type: "button", class: "gr-button" }, s.retry);
    again.addEventListener("click", () => location.reload());
    const reason = error instanceof Error ? error.message : String(error);
    note.classList.add("is-failed");
    note.replaceChildren(make("strong", {}, s.failed), make("span", {}, reason), again);
    throw error;
  }
}

async function open(
  root: HTMLElement,
  language: Language,
  s: GarageStrings,
  note: HTMLElement,
): Promise<void> {
  const { edition = "", wear = "" } = root.dataset;
  const { index, base } = await fetchEdition(edition);
  const cast = castOf(index, base);
  const told = asJson(root.dataset["outfit"]);
  const outfit = fitted(told ?? keptOutfit(), cast);
  if (!outfit) throw new Error(s.nobody);
  const owned = asJson(root.dataset["owned"]);
  const wardrobe = new Wardrobe(cast);
  const canvas = make("canvas", { class: "gr-canvas", tabindex: "0", role: "img" });
  const stage = make(
    "div",
    { class: "gr-stage" },
    make("div", { class: "gr-moon", "aria-hidden": "true" }),
    canvas,
  );
  root.append(stage);
  const tunes = new Tunes(index, base, language, s);
  root.querySelector(".gr-bar")?.append(tunes.button);
  const table = new Turntable(canvas, matchMedia("(prefers-reduced-motion: reduce)").matches);
  const dresser = new Dresser(table, wardrobe, canvas, language, s);
  const panel = new Panel(
    cast,
    outfit,
    new Set(Array.isArray(owned) ? owned.map(String) : []),
    s,
    language,
    new Photographer(wardrobe, TILE_PIXELS),
    {
      look: (part) => void dresser.look(part),
      wear(next, { keep, cheer }) {
        if (next.character !== dresser.outfit?.character) tunes.greet(next.character);
        void dresser.wear(next, cheer);
        if (keep) void saveOutfit(next, wear, s).then((text) => say(note, text));
      },
    },
  );
  root.append(panel.element);
  await dresser.wear(outfit, false);
  table.open();
  panel.tryOn(new URLSearchParams(location.search).get("piece") ?? "");
  setText(note, "");
  note.classList.add("is-small");
  stage.append(note);
  window.moongateGarage = Object.freeze({
    get outfit() {
      return dresser.outfit!;
    },
    get drawn() {
      return table.drawn;
    },
    get angle() {
      return table.angle;
    },
    get music() {
      return tunes.playing;
    },
  });
}

let silence = 0;

function say(note: HTMLElement, text: string): void {
  setText(note, text);
  clearTimeout(silence);
  silence = window.setTimeout(() => setText(note, ""), NOTE_MS);
}

/** Dresses whoever stands on the table; the last wish wins, however long its pieces take. */
class Dresser {
  outfit: Outfit | null = null;
  private part: Part = "character";
  private wish = 0;

  constructor(
    private readonly table: Turntable,
    private readonly wardrobe: Wardrobe,
    private readonly canvas: HTMLCanvasElement,
    private readonly language: Language,
    private readonly s: GarageStrings,
  ) {}

  async look(part: Part): Promise<void> {
    const seated = (which: Part): boolean => which === "cart" || which === "kart";
    const moved = seated(part) !== seated(this.part);
    this.part = part;
    this.table.frameFor(part);
    if (moved && this.outfit) await this.wear(this.outfit, false);
  }

  async wear(outfit: Outfit, cheer: boolean): Promise<void> {
    const mine = ++this.wish;
    const { part, wardrobe } = this;
    this.outfit = outfit;
    const [figure, kart] = await Promise.all([
      wardrobe.person(outfit.character, outfit.wears),
      part === "cart" || part === "kart" ? wardrobe.kart(outfit.kart, outfit.wears) : null,
    ]);
    if (mine !== this.wish) return;
    this.table.show(figure, kart);
    if (cheer) this.table.cheer();
    const name = this.wardrobe.cast.characters.find(({ slug }) => slug === outfit.character)!.name;
    this.canvas.setAttribute("aria-label", fill(this.s.turn, { name: name[this.language] }));
  }
}

function asJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text || "null");
  } catch {
    return null;
  }
}

void boot();

import { costumeOf, figures, type Cast, type CostumeFacts, type Slot } from "../cast/facts";
import { ownOutfit, type Outfit } from "../cast/outfit";
import type { Language } from "../core/config";
import { make } from "../ui/dom";
import { fill } from "../ui/strings";
import { Teller } from "./facts";
import type { Photographer } from "./photographer";
import type { GarageStrings } from "./strings";
import type { Part } from "./turntable";

export const PARTS: readonly Part[] = [
  "character",
  "cart",
  "head",
  "face",
  "body",
  "hands",
  "feet",
  "kart",
];

export interface Wishes {
  /** Another tab was opened. */
  look(part: Part): void;
  /** Wear this; `keep` is false when it is only tried on. */
  wear(outfit: Outfit, change: { keep: boolean; cheer: boolean }): void;
}

/** Tabs, tiles with pictures, colourways, and the words of what is chosen. */
export class Panel {
  readonly element = make("section", { class: "gr-panel" });
  private readonly tabs = make("div", { class: "gr-tabs", role: "tablist" });
  private readonly tiles = make("div", { class: "gr-tiles" });
  private readonly ways = make("div", { class: "gr-ways" });
  private readonly words = make("div", { class: "gr-words", "aria-live": "polite" });
  private readonly pictures = new Map<string, HTMLCanvasElement>();
  private readonly teller: Teller;
  private part: Part = "character";
  /** What is kept, and what is shown: they differ while something is only tried on. */
  private kept: Outfit;
  private shown: Outfit;

  constructor(
    private readonly cast: Cast,
    outfit: Outfit,
    private readonly owned: ReadonlySet<string>,
    private readonly s: GarageStrings,
    language: Language,
    private readonly camera: Photographer,
    private readonly wishes: Wishes,
  ) {
    this.kept = this.shown = outfit;
    this.teller = new Teller(s, language);
    this.tabs.setAttribute("aria-label", s.layers);
    const sheet = make(
      "div",
      { class: "gr-sheet", role: "tabpanel", id: "gr-sheet", tabindex: "-1" },
      this.tiles,
      make("div", { class: "gr-chosen" }, this.ways, this.words),
    );
    this.element.append(this.tabs, sheet);
    for (const part of PARTS) this.tabs.append(this.tab(part));
    this.tabs.addEventListener("keydown", (event) => this.walk(event));
    this.open("character");
  }

  get isTried(): boolean {
    return this.shown !== this.kept;
  }

  /** Opens the tab of a piece and tries it on: a card led here, so the person has chosen nothing yet. */
  tryOn(slug: string): void {
    const costume = costumeOf(this.cast, slug);
    const way = costume?.colourways[0]?.slug;
    if (!costume || !way) return;
    this.open(costume.slot);
    const wears = { ...this.kept.wears, [costume.slot]: [costume.slug, way] as [string, string] };
    this.wear({ ...this.kept, wears }, { keep: false, cheer: true });
  }

  private tab(part: Part): HTMLElement {
    const tab = make(
      "button",
      { type: "button", role: "tab", "data-part": part, "aria-controls": "gr-sheet" },
      this.s[part],
    );
    tab.addEventListener("click", () => this.open(part));
    return tab;
  }

  private walk(event: KeyboardEvent): void {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const at = PARTS.indexOf(this.part) + step + PARTS.length;
    this.open(PARTS[at % PARTS.length]!);
    this.tabs.querySelector<HTMLElement>("[aria-selected=true]")?.focus();
  }

  private open(part: Part): void {
    this.part = part;
    for (const tab of this.tabs.querySelectorAll<HTMLElement>("button")) {
      const here = tab.dataset["part"] === part;
      tab.setAttribute("aria-selected", String(here));
      tab.tabIndex = here ? 0 : -1;
      if (here) tab.scrollIntoView({ block: "nearest", inline: "center" });
    }
    if (this.isTried) this.wear(this.kept, { keep: true, cheer: false });
    this.wishes.look(part);
    this.tiles.scrollTop = 0;
    this.tiles.replaceChildren(...this.tilesOf(part));
    this.tell();
  }

  private tilesOf(part: Part): HTMLElement[] {
    if (part === "character")
      return figures(this.cast).map((person) =>
        this.tile(`person-${person.slug}`, person.slug, this.teller.say(person.name), {
          draw: (canvas) => this.camera.portrait(person, canvas),
          pick: () => this.wear(ownOutfit(this.cast, person), { keep: true, cheer: true }),
        }),
      );
    if (part === "cart")
      return this.cast.karts
        .filter(({ seat }) => seat)
        .map((kart) =>
          this.tile(`kart-${kart.slug}`, kart.slug, this.teller.say(kart.name), {
            draw: (canvas) => this.camera.kart(kart, {}, canvas),
            pick: () => this.wear({ ...this.kept, kart: kart.slug }, { keep: true, cheer: false }),
          }),
        );
    return this.piecesOf(part);
  }

  private piecesOf(slot: Slot): HTMLElement[] {
    const person = figures(this.cast).find(({ slug }) => slug === this.kept.character);
    const keeps = person?.keeps?.includes(slot) ?? false;
    const own = person?.wears?.[slot]?.[0];
    const pieces = this.cast.costumes.filter(
      (costume) => costume.slot === slot && (!keeps || costume.slug === own),
    );
    const tiles = pieces.map((costume) => {
      const first = costume.colourways[0]!.slug;
      return this.tile(`piece-${costume.slug}`, costume.slug, this.teller.say(costume.name), {
        locked: !this.mayKeep(costume),
        draw: (canvas) => this.picture(costume, first, canvas),
        pick: () => this.try(slot, costume, first),
      });
    });
    if (slot === "body" || keeps) return tiles;
    const name = slot === "kart" ? this.s.ownPaint : this.s.nothing;
    const bare = this.tile("none", "", name, { pick: () => this.take(slot) });
    return [bare, ...tiles];
  }

  private picture(costume: CostumeFacts, way: string, canvas: HTMLCanvasElement): Promise<void> {
    if (costume.model) return this.camera.piece(costume, way, canvas);
    const kart = this.cast.karts.find(({ slug }) => slug === this.shown.kart) ?? this.cast.karts[0]!;
    return this.camera.kart(kart, { kart: [costume.slug, way] }, canvas);
  }

  private tile(
    key: string,
    slug: string,
    name: string,
    does: { draw?: (canvas: HTMLCanvasElement) => Promise<void>; pick(): void; locked?: boolean },
  ): HTMLElement {
    const tile = make("button", { type: "button", class: "gr-tile", "data-slug": slug });
    let picture = this.pictures.get(key);
    if (!picture) {
      picture = make("canvas", { "aria-hidden": "true", width: "160", height: "160" });
      // A livery is shown on whichever kart there is, so its picture is not kept.
      if (this.part !== "kart") this.pictures.set(key, picture);
      void does.draw?.(picture).catch(() => undefined);
    }
    tile.append(picture, make("span", {}, name));
    if (does.locked) {
      tile.classList.add("is-locked");
      tile.append(make("span", { class: "gr-lock" }, this.s.locked));
    }
    tile.addEventListener("click", () => does.pick());
    return tile;
  }

  private mayKeep(costume: CostumeFacts): boolean {
    const person = figures(this.cast).find(({ slug }) => slug === this.kept.character);
    const own = person?.wears?.[costume.slot]?.[0] === costume.slug;
    return own || costume.earned.by === "open" || this.owned.has(costume.slug);
  }

  private try(slot: Slot, costume: CostumeFacts, way: string): void {
    const wears = { ...this.kept.wears, [slot]: [costume.slug, way] };
    this.wear({ ...this.kept, wears }, { keep: this.mayKeep(costume), cheer: false });
  }

  private take(slot: Slot): void {
    const wears = { ...this.kept.wears };
    delete wears[slot];
    this.wear({ ...this.kept, wears }, { keep: true, cheer: false });
  }

  private wear(outfit: Outfit, change: { keep: boolean; cheer: boolean }): void {
    this.shown = outfit;
    if (change.keep) this.kept = outfit;
    this.wishes.wear(outfit, change);
    this.tell();
  }

  /** What is chosen now: its tile, its colourways and its words. */
  private tell(): void {
    const { part, shown } = this;
    const chosen =
      part === "character" ? shown.character : part === "cart" ? shown.kart : shown.wears[part]?.[0];
    for (const tile of this.tiles.querySelectorAll<HTMLElement>(".gr-tile"))
      tile.setAttribute("aria-pressed", String(tile.dataset["slug"] === (chosen ?? "")));
    this.ways.replaceChildren(...this.waysOf(part));
    this.words.replaceChildren(...this.wordsOf(part));
    this.words.parentElement!.scrollTop = 0;
  }

  private waysOf(part: Part): Node[] {
    if (part === "character" || part === "cart") return [];
    const [piece, way] = this.shown.wears[part] ?? ["", ""];
    const costume = costumeOf(this.cast, piece);
    if (!costume) return [];
    const swatches = costume.colourways.map((each) => {
      const name = this.teller.say(each.name);
      const swatch = make(
        "button",
        { type: "button", class: "gr-way", "aria-pressed": String(each.slug === way) },
        make("img", { src: this.cast.url(each.texture), alt: "" }),
        make("span", {}, name),
      );
      swatch.addEventListener("click", () => {
        this.try(part, costume, each.slug);
        this.ways.querySelector<HTMLElement>("[aria-pressed=true]")?.focus();
      });
      return swatch;
    });
    return [make("h3", {}, this.s.colours), make("div", { class: "gr-way-row" }, ...swatches)];
  }

  private wordsOf(part: Part): Node[] {
    const { cast, shown, teller } = this;
    const person = figures(cast).find(({ slug }) => slug === shown.character)!;
    const kart = (slug: string) => cast.karts.find((each) => each.slug === slug);
    if (part === "character") return teller.person(person, kart(person.kart));
    if (part === "cart") return teller.kart(kart(shown.kart) ?? cast.karts[0]!);
    const costume = costumeOf(cast, shown.wears[part]?.[0] ?? "");
    const told = costume ? teller.piece(costume, this.mayKeep(costume)) : [];
    const again = make(
      "button",
      { type: "button", class: "gr-again" },
      fill(this.s.wearAgain, { name: teller.say(person.name) }),
    );
    again.addEventListener("click", () => {
      const wears = { ...person.wears };
      this.wear({ ...this.kept, wears }, { keep: true, cheer: true });
    });
    return [...told, again];
  }
}

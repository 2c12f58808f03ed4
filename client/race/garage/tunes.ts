import type { Jukebox } from "../audio/jukebox";
import { quietTone } from "../audio/quiet";
import type { Language } from "../core/config";
import { menuOf, themeOf, type EditionFile, type MusicFacts } from "../core/edition";
import { loadSettings, saveSettings, type Settings } from "../core/settings";
import { make } from "../ui/dom";
import { icon } from "../ui/icons";
import type { GarageStrings } from "./strings";

/** The edition's quiet piece while one dresses, and each driver's own tune when they step in. */
export class Tunes {
  readonly button = make("button", { type: "button", class: "gr-music" });
  private readonly settings: Settings;
  private readonly menu: MusicFacts | undefined;
  private jukebox: Promise<Jukebox> | null = null;
  private opened: Jukebox | null = null;

  constructor(
    private readonly edition: EditionFile,
    private readonly base: string,
    private readonly language: Language,
    private readonly s: GarageStrings,
  ) {
    this.settings = loadSettings(language);
    this.menu = menuOf(edition);
    this.button.hidden = !this.menu;
    this.button.addEventListener("click", () => this.toggle());
    this.label();
    // Pages are silent until a gesture; a finger's counts when it lifts.
    for (const kind of ["pointerup", "keydown"] as const)
      addEventListener(kind, () => this.begin(), { once: true });
  }

  /** The slug of what plays. */
  get playing(): string | null {
    return this.opened?.playing ?? null;
  }

  /** Somebody steps in: their tune, and then the quiet piece again. */
  greet(person: string): void {
    const theme = themeOf(this.edition, person);
    if (theme && this.jukebox)
      this.do((box) => box.once(this.url(theme), () => this.rest()));
  }

  private begin(): void {
    if (this.jukebox || this.settings.muted || !this.menu) return;
    this.jukebox = this.open();
    this.rest();
  }

  private rest(): void {
    this.do((box) => box.play(this.url(this.menu!)));
  }

  private toggle(): void {
    // What is on or off in the race is so here, and the other way round.
    const settings = Object.assign(this.settings, loadSettings(this.language));
    settings.muted = !settings.muted;
    if (!settings.muted && settings.music === 0) settings.music = 0.7;
    saveSettings(settings);
    this.label();
    if (this.jukebox) this.do((box) => box.apply());
    else this.begin();
  }

  private label(): void {
    const { muted } = this.settings;
    this.button.replaceChildren(icon(muted ? "muted" : "sound"));
    this.button.setAttribute("aria-label", muted ? this.s.musicOn : this.s.musicOff);
  }

  private do(work: (box: Jukebox) => Promise<void> | void): void {
    // A garage without music is still a garage.
    this.jukebox?.then(work).catch((error: unknown) => console.warn("No music:", error));
  }

  private async open(): Promise<Jukebox> {
    quietTone();
    const { Jukebox } = await import("../audio/jukebox");
    return (this.opened = new Jukebox(this.settings));
  }

  private url(piece: MusicFacts): string {
    return new URL(piece.file, this.base).href;
  }
}

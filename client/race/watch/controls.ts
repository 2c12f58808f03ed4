import type { Language } from "../core/config";
import type { TrackFacts } from "../core/edition";
import { formatTime, TICKS_PER_SECOND } from "../core/format";
import { make, setText } from "../ui/dom";
import { icon, type IconName } from "../ui/icons";
import { fill } from "../ui/strings";
import { PACES, type Pace, type Player } from "./player";
import type { WatchStrings } from "./strings";

const JUMP = 5 * TICKS_PER_SECOND;
const IDLE_MS = 3200;

export interface Links {
  race: string;
  own: string;
}

/** Play and pause, the place in the replay, its pace, sound and full screen; keys for all of them. */
export class Controls {
  private readonly play: HTMLButtonElement;
  private readonly sound: HTMLButtonElement;
  private readonly full: HTMLButtonElement;
  private readonly range: HTMLInputElement;
  private readonly time = make("span", { class: "w-time" });
  private readonly lap = make("span", { class: "w-lap" });
  private readonly shot = make("p", { class: "w-shot" });
  private readonly paces = new Map<Pace, HTMLButtonElement>();
  private readonly lapMs: number;
  private idleFrom = performance.now();
  private shownTick = -1;
  private shownPlay = "";

  constructor(
    private readonly root: HTMLElement,
    private readonly player: Player,
    private readonly s: WatchStrings,
    private readonly facts: TrackFacts,
    private readonly language: Language,
    links: Links,
  ) {
    const { tape } = player;
    this.lapMs = tape.crossings.at(-1)?.ms ?? 0;
    this.play = this.button("play", s.play, () => this.toggle());
    this.play.classList.add("w-play");
    this.sound = this.button("muted", s.soundOn, () => this.switchSound());
    this.full = this.button("full", s.full, () => void this.switchFull());
    this.full.hidden = !document.fullscreenEnabled;
    this.range = make("input", {
      type: "range",
      class: "w-range",
      min: "0",
      max: String(tape.ticks),
      step: "1",
      value: "0",
      "aria-label": s.place,
    });
    this.range.addEventListener("input", () => this.jumpTo(Number(this.range.value)));
    root.append(
      make(
        "div",
        { class: "w-bar", role: "group", "aria-label": s.controls },
        this.shot,
        make("div", { class: "w-seek" }, this.range, this.lapMarks()),
        make(
          "div",
          { class: "w-row" },
          this.play,
          make("div", { class: "w-place" }, this.time, this.lap),
          this.sound,
          this.full,
          window.parent !== window ? this.link("w-own", links.own, "own", s.ownPage) : null,
          this.paceChoice(),
          this.link("w-go", links.race, "ghost", s.raceGhost),
        ),
      ),
    );
    this.listen();
  }

  /** After every frame: writes what has changed. */
  frame(): void {
    const { player, s } = this;
    const { tape } = player;
    const state = player.isPlaying ? "pause" : tape.isOver ? "again" : "play";
    if (state !== this.shownPlay) {
      this.shownPlay = state;
      this.dress(this.play, state === "again" ? "restart" : state, s[state]);
    }
    if (tape.now !== this.shownTick) this.showPlace();
    const isIdle = player.isPlaying && performance.now() - this.idleFrom > IDLE_MS;
    this.root.classList.toggle("is-idle", isIdle);
  }

  private showPlace(): void {
    const { player, s } = this;
    const { tape } = player;
    this.shownTick = tape.now;
    const done = tape.finishTicks > 0;
    const sinceGo = Math.max(0, tape.now - tape.countdown);
    const ms = done ? this.lapMs : (sinceGo * 1000) / TICKS_PER_SECOND;
    const lap = Math.min(tape.laps, tape.lineMs.length + 1);
    const values = { lap, laps: tape.laps, time: formatTime(ms), total: formatTime(this.lapMs) };
    setText(this.time, values.time);
    setText(this.lap, tape.counting ? s.countdown : done ? s.finished : fill(s.lap, values));
    this.range.value = String(tape.now);
    this.range.style.setProperty("--done", `${(100 * tape.now) / tape.ticks}%`);
    this.range.setAttribute("aria-valuetext", fill(s.placeText, values));
    this.showShot();
  }

  private showShot(): void {
    const { shot } = this.player;
    if (shot.kind !== "landmark") {
      setText(this.shot, this.s[shot.kind]);
      return;
    }
    const place = this.facts.landmarks?.[shot.landmark]?.name[this.language] ?? "";
    setText(this.shot, `${this.s.air} · ${place}`);
  }

  private toggle(): void {
    if (this.player.isPlaying) this.player.pause();
    else this.player.play();
  }

  private jumpTo(tick: number): void {
    this.player.seek(tick);
    this.wake();
  }

  private setPace(pace: Pace): void {
    this.player.pace = pace;
    for (const [one, button] of this.paces) button.ariaPressed = String(one === pace);
  }

  private stepPace(by: number): void {
    const at = PACES.indexOf(this.player.pace) + by;
    const next = PACES[at];
    if (next !== undefined) this.setPace(next);
  }

  private switchSound(): void {
    const on = this.player.isMuted;
    this.player.switchSound(on);
    this.dress(this.sound, on ? "sound" : "muted", on ? this.s.soundOff : this.s.soundOn);
  }

  private async switchFull(): Promise<void> {
    if (document.fullscreenElement) await document.exitFullscreen();
    // A device that refuses leaves the picture as it is.
    else await document.documentElement.requestFullscreen().catch(() => undefined);
  }

  private listen(): void {
    for (const kind of ["pointermove", "pointerdown", "keydown", "focusin"] as const)
      addEventListener(kind, () => this.wake());
    addEventListener("keydown", (event) => this.key(event));
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) this.player.pause();
    });
    document.addEventListener("fullscreenchange", () => {
      const isFull = document.fullscreenElement !== null;
      this.dress(this.full, isFull ? "small" : "full", isFull ? this.s.notFull : this.s.full);
    });
    const canvas = this.player.stage.renderer.domElement;
    canvas.addEventListener("click", (event) => {
      // A finger's first tap only brings the controls back.
      const isTouch = event instanceof PointerEvent && event.pointerType !== "mouse";
      if (!isTouch) this.toggle();
    });
  }

  private key(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const isOnButton =
      event.target instanceof HTMLButtonElement || event.target instanceof HTMLAnchorElement;
    if ((event.key === " " || event.key === "Enter") && isOnButton) return;
    const { tape } = this.player;
    const acts: Record<string, () => void> = {
      " ": () => this.toggle(),
      k: () => this.toggle(),
      ArrowLeft: () => this.jumpTo(tape.now - JUMP),
      ArrowRight: () => this.jumpTo(tape.now + JUMP),
      Home: () => this.jumpTo(0),
      End: () => this.jumpTo(tape.ticks),
      "<": () => this.stepPace(-1),
      ">": () => this.stepPace(1),
      m: () => this.switchSound(),
      f: () => void this.switchFull(),
    };
    const act = acts[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  private wake(): void {
    this.idleFrom = performance.now();
  }

  private lapMarks(): HTMLElement {
    const { tape } = this.player;
    const marks = make("div", { class: "w-marks", "aria-hidden": "true" });
    for (const { tick } of tape.crossings) {
      const mark = make("span");
      mark.style.left = `${(100 * tick) / tape.ticks}%`;
      marks.append(mark);
    }
    return marks;
  }

  private paceChoice(): HTMLElement {
    const names: Record<Pace, string> = { 0.5: "½×", 1: "1×", 2: "2×" };
    const box = make("div", { class: "w-paces", role: "group", "aria-label": this.s.pace });
    for (const pace of PACES) {
      const button = make("button", { type: "button" }, names[pace]);
      button.addEventListener("click", () => this.setPace(pace));
      this.paces.set(pace, button);
      box.append(button);
    }
    this.setPace(1);
    return box;
  }

  private button(name: IconName, label: string, run: () => void): HTMLButtonElement {
    const button = make("button", { class: "w-button", type: "button" });
    this.dress(button, name, label);
    button.addEventListener("click", run);
    return button;
  }

  private link(kind: string, href: string, name: IconName, text: string): HTMLElement {
    return make(
      "a",
      { class: `w-button ${kind}`, href, target: "_top", title: text },
      icon(name),
      make("span", {}, text),
    );
  }

  private dress(button: HTMLButtonElement, name: IconName, label: string): void {
    button.replaceChildren(icon(name));
    button.ariaLabel = label;
    button.title = label;
  }
}

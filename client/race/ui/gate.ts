import { make, setText, trapFocus } from "./dom";
import { icon } from "./icons";
import { keyTable } from "./pausepanel";
import { choice } from "./settingsform";
import type { Strings } from "./strings";
import { saveSettings, type Settings, type TouchScheme } from "../core/settings";

/** The moon gate: it fills while the race loads, shows the place through its opening, and lets one in. */
export class Gate {
  readonly element: HTMLElement;
  private readonly status = make("p", { class: "rg-gate-status", role: "status" });
  private readonly body: HTMLElement;
  private readonly ring: HTMLElement;
  private readonly arc: SVGCircleElement;
  private release: (() => void) | null = null;

  constructor(
    root: HTMLElement,
    private readonly s: Strings,
    title: string,
    back: string,
  ) {
    this.ring = make("div", { class: "rg-gate-ring", "aria-hidden": "true" });
    this.ring.innerHTML =
      '<svg viewBox="0 0 120 120"><circle class="rg-ring-wall" cx="60" cy="60" r="54"/><circle class="rg-ring-fret" cx="60" cy="60" r="54"/><circle class="rg-ring-line" cx="60" cy="60" r="58.300"/><circle class="rg-ring-track" cx="60" cy="60" r="49"/><circle class="rg-ring-fill" cx="60" cy="60" r="49" pathLength="100" transform="rotate(-90 60 60)"/></svg>';
    this.arc = this.ring.querySelector<SVGCircleElement>(".rg-ring-fill")!;
    this.body = make("div", { class: "rg-gate-body" }, make("h1", {}, title), this.status);
    this.element = make(
      "div",
      { class: "rg-gate" },
      make("div", { class: "rg-gate-wall" }),
      this.ring,
      this.body,
      make("a", { class: "rg-gate-back", href: back }, icon("back"), make("span", {}, s.quit)),
    );
    root.append(this.element);
    setText(this.status, s.loading);
    this.progress(0);
  }

  /** Where the opening stands, as shares of the page. */
  get centre(): { x: number; y: number } {
    const box = this.ring.getBoundingClientRect();
    return {
      x: (box.left + box.width / 2) / innerWidth,
      y: (box.top + box.height / 2) / innerHeight,
    };
  }

  progress(share: number, what?: string): void {
    this.arc.style.strokeDasharray = `${(Math.min(1, share) * 100).toFixed(1)} 100`;
    if (what) setText(this.status, what);
  }

  fail(reason: string): void {
    this.element.classList.add("is-failed");
    setText(this.status, this.s.loadFailed);
    const again = make(
      "button",
      { class: "rg-button rg-button-main", type: "button" },
      this.s.retry,
    );
    again.addEventListener("click", () => location.reload());
    this.body.append(make("p", { class: "rg-gate-reason" }, reason), again);
    again.focus();
  }

  /** The place shows through; resolves when the player wants to drive. */
  async ready(
    ghosts: [string, string][],
    ghost: string,
    chosen: (key: string) => void,
    settings: Settings,
    modes: HTMLElement,
    cards: HTMLElement | null,
  ): Promise<void> {
    this.element.classList.add("is-ready");
    setText(this.status, "");
    const coarse = matchMedia("(pointer: coarse)").matches;
    const drive = make(
      "button",
      { class: "rg-button rg-button-drive", type: "button" },
      make("span", {}, this.s.drive),
      icon("boost"),
    );
    const hint = make("p", { class: "rg-gate-hint" }, this.s.hintDrift);
    const parts: (Node | null)[] = [
      modes,
      ghosts.length > 1 ? choice(this.s.against, "ghost", ghost, ghosts, chosen) : null,
      coarse ? this.schemes(settings) : null,
      drive,
      hint,
      coarse
        ? null
        : make(
            "details",
            { class: "rg-more" },
            make("summary", {}, this.s.hintKeysTitle),
            keyTable(this.s),
          ),
      cards,
    ];
    for (const part of parts) if (part) this.body.append(part);
    this.release = trapFocus(this.element, drive);
    await new Promise<void>((resolve) =>
      drive.addEventListener("click", () => resolve(), { once: true }),
    );
  }

  private schemes(settings: Settings): HTMLElement {
    const s = this.s;
    const text = make("p", { class: "rg-gate-scheme" });
    const tell = (scheme: TouchScheme): void =>
      setText(text, { one: s.hintOne, two: s.hintTwo, tilt: s.hintTilt }[scheme]);
    tell(settings.touch);
    const box = choice<TouchScheme>(
      s.touchScheme,
      "gate-touch",
      settings.touch,
      [
        ["one", s.schemeOne],
        ["two", s.schemeTwo],
        ["tilt", s.schemeTilt],
      ],
      (value) => {
        settings.touch = value;
        saveSettings(settings);
        tell(value);
      },
    );
    return make("div", {}, box, text);
  }

  /** The circle opens until nothing of the wall is left. */
  open(): void {
    this.release?.();
    this.element.classList.add("is-open");
    this.element.setAttribute("inert", "");
    setTimeout(() => this.element.remove(), 1600);
  }
}

import { make } from "./dom";
import { icon, type IconName } from "./icons";
import { Panel } from "./panel";
import type { Strings } from "./strings";

export interface PauseActions {
  resume(): void;
  restart(): void;
  rescue(): void;
}

export const action = (
  name: IconName,
  text: string,
  kind: string,
  run: () => void,
): HTMLButtonElement => {
  const button = make(
    "button",
    { class: `rg-button ${kind}`, type: "button" },
    icon(name),
    make("span", {}, text),
  );
  button.addEventListener("click", run);
  return button;
};

/** The menu while the race stands still. */
export class PausePanel {
  private readonly panel: Panel;
  private readonly first: HTMLElement;

  constructor(
    root: HTMLElement,
    s: Strings,
    back: string,
    actions: PauseActions,
    settings: HTMLElement,
  ) {
    this.panel = new Panel(root, "pause", s.paused);
    this.first = action("play", s.resume, "rg-button-main", actions.resume);
    this.panel.body.append(
      make("h2", {}, s.paused),
      make(
        "div",
        { class: "rg-actions" },
        this.first,
        action("restart", s.restart, "", actions.restart),
        action("rescue", s.rescue, "", actions.rescue),
        make("a", { class: "rg-button", href: back }, icon("back"), make("span", {}, s.quit)),
      ),
      make("details", { class: "rg-more" }, make("summary", {}, s.settings), settings),
      make("details", { class: "rg-more" }, make("summary", {}, s.controls), keyTable(s)),
    );
  }

  show(): void {
    this.panel.show(this.first);
  }

  hide(): void {
    this.panel.hide();
  }
}

export function keyTable(s: Strings): HTMLElement {
  const rows: [string, string][] = [
    [s.steer, s.keyArrows],
    [s.drift, s.keyDrift],
    [s.nitro, s.keyNitro],
    [s.miniBoost, s.keyMini],
    [s.rescue, s.keyRescue],
    [s.lookBack, s.keyLookBack],
    [s.restart, s.keyRestart],
    [s.pause, s.keyPause],
  ];
  const list = make("dl", { class: "rg-keys" });
  for (const [what, keys] of rows)
    list.append(make("div", {}, make("dt", {}, what), make("dd", {}, keys)));
  return list;
}

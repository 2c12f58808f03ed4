import { make } from "./dom";
import { icon } from "./icons";
import type { Strings } from "./strings";

/** Pause, sound and rescue: always in reach of a thumb. */
export class TopBar {
  private readonly mute: HTMLButtonElement;

  constructor(
    root: HTMLElement,
    private readonly s: Strings,
    actions: { pause(): void; mute(): void; rescue(on: boolean): void },
  ) {
    const button = (label: string, kind: string): HTMLButtonElement =>
      make("button", { class: `rg-tool rg-tool-${kind}`, type: "button", "aria-label": label });
    const pause = button(s.pause, "pause");
    pause.append(icon("pause"));
    pause.addEventListener("click", actions.pause);
    const rescue = button(s.rescue, "rescue");
    rescue.append(icon("rescue"));
    rescue.addEventListener("click", () => actions.rescue(true));
    this.mute = button(s.mute, "mute");
    this.mute.addEventListener("click", actions.mute);
    // The space bar drifts; a focused button must not swallow it.
    for (const tool of [pause, rescue, this.mute])
      tool.addEventListener("pointerup", () => tool.blur());
    root.append(make("div", { class: "rg-tools" }, rescue, this.mute, pause));
  }

  muted(on: boolean): void {
    this.mute.replaceChildren(icon(on ? "muted" : "sound"));
    this.mute.setAttribute("aria-label", on ? this.s.unmute : this.s.mute);
    this.mute.setAttribute("aria-pressed", String(on));
  }
}

import { make, trapFocus } from "./dom";

/** A panel over the race: one at a time, the focus inside it, given back when it goes. */
export class Panel {
  readonly element: HTMLElement;
  readonly body: HTMLElement;
  private release: (() => void) | null = null;

  constructor(root: HTMLElement, kind: string, label: string) {
    this.body = make("div", { class: "rg-panel-body" });
    this.element = make(
      "section",
      {
        class: `rg-panel rg-panel-${kind}`,
        role: "dialog",
        "aria-modal": "true",
        "aria-label": label,
        hidden: true,
      },
      this.body,
    );
    root.append(this.element);
  }

  get open(): boolean {
    return !this.element.hidden;
  }

  show(first?: HTMLElement | null): void {
    if (this.open) return;
    this.element.hidden = false;
    this.release = trapFocus(this.element, first);
  }

  hide(): void {
    if (!this.open) return;
    this.element.hidden = true;
    this.release?.();
    this.release = null;
  }
}

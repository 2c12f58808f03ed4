type Child = Node | string | null;

/** Makes an element: `make("button", { class: "mg-key", type: "button" }, "Go")`. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string | boolean> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== false) element.setAttribute(name, value);
  }
  for (const child of children) if (child !== null) element.append(child);
  return element;
}

/** Keeps Tab inside `box` while it is open; returns what lets go again and restores the focus. */
export function trapFocus(box: HTMLElement, first?: HTMLElement | null): () => void {
  const before = document.activeElement;
  const inside = (): HTMLElement[] =>
    [...box.querySelectorAll<HTMLElement>("button, a[href], input, select")].filter(
      (element) => !element.hasAttribute("disabled") && element.getClientRects().length > 0,
    );
  const onKey = (event: KeyboardEvent): void => {
    const all = inside();
    if (all.length === 0) return;
    const at = all.indexOf(document.activeElement as HTMLElement);
    const move = (to: number): void => {
      event.preventDefault();
      all[(to + all.length) % all.length]!.focus();
    };
    if (event.key === "Tab") {
      if (event.shiftKey && at <= 0) move(all.length - 1);
      else if (!event.shiftKey && at === all.length - 1) move(0);
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !isField(event.target)) {
      move(at + (event.key === "ArrowDown" ? 1 : -1));
    }
  };
  box.addEventListener("keydown", onKey);
  (first ?? inside()[0])?.focus({ preventScroll: true });
  return () => {
    box.removeEventListener("keydown", onKey);
    if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
  };
}

const isField = (target: EventTarget | null): boolean =>
  target instanceof HTMLInputElement || target instanceof HTMLSelectElement;

/** Writes text only when it changed, so a quiet frame costs the page nothing. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

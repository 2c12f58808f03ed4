import { make } from "./dom";
import type { Strings } from "./strings";

/** Says that a newer version is ready, and takes it when asked; never during a race. */
export function updateNote(s: Strings, take: () => void): HTMLElement {
  const button = make("button", { class: "rg-button rg-button-main", type: "button" }, s.reload);
  button.addEventListener("click", take, { once: true });
  return make("div", { class: "rg-update", role: "status" }, make("span", {}, s.newVersion), button);
}

import type { Jukebox } from "../audio/jukebox";
import { quietTone } from "../audio/quiet";
import type { EditionFile } from "../core/edition";
import { loadSettings } from "../core/settings";

/** Buttons that play a piece each, once through; pressed again they stop it. */
export function listenTo(root: HTMLElement, edition: EditionFile, base: string): void {
  if (typeof AudioContext === "undefined" || !edition.music?.length) return;
  const buttons = [...root.querySelectorAll<HTMLButtonElement>("button[data-piece]")];
  let jukebox: Promise<Jukebox> | null = null;
  const press = (pressed: HTMLButtonElement | null): void => {
    for (const each of buttons) each.setAttribute("aria-pressed", String(each === pressed));
  };
  const listen = async (button: HTMLButtonElement): Promise<void> => {
    const on = button.getAttribute("aria-pressed") !== "true";
    press(on ? button : null);
    jukebox ??= open();
    const box = await jukebox;
    if (!on) return box.stop();
    const url = new URL(button.dataset["piece"]!, base).href;
    await box.once(url, () => press(null));
  };
  for (const button of buttons) {
    button.hidden = false;
    button.addEventListener("click", () => {
      listen(button).catch((error: unknown) => {
        press(null);
        console.warn("No music:", error);
      });
    });
  }
}

/** Who presses to listen wants to hear it, whatever the race's own switch says. */
async function open(): Promise<Jukebox> {
  quietTone();
  const { Jukebox } = await import("../audio/jukebox");
  const { music } = loadSettings("en");
  return new Jukebox({ music: music || 0.7, muted: false });
}

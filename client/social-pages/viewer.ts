import { blurOf } from "./blurhash.js";

/** A post's photos, large; an album's by the arrow keys; blurred until they are there. */
export function wireViewer(): void {
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("[data-viewer] a") : null;
    if (!(link instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    open(link);
  });
  document.addEventListener("keydown", (event) => {
    if (event.target instanceof HTMLInputElement || event.altKey || event.ctrlKey) return;
    document.querySelector<HTMLAnchorElement>(`a[data-way="${event.key}"]`)?.click();
  });
  showPhotos();
}

/** Photos fade in over their blur once they are loaded. */
export function showPhotos(): void {
  for (const image of document.querySelectorAll<HTMLImageElement>("img[data-blurhash]")) {
    if (image.complete || image.classList.contains("is-coming")) continue;
    const frame = image.parentElement;
    const blur = blurOf(image);
    if (frame && blur) {
      frame.classList.add("has-blur");
      frame.style.backgroundImage = `url(${blur})`;
    }
    image.classList.add("is-coming");
    const shown = (): void => image.classList.remove("is-coming");
    image.addEventListener("load", shown, { once: true });
    image.addEventListener("error", shown, { once: true });
  }
}

function open(link: HTMLAnchorElement): void {
  const links = [...link.closest("[data-viewer]")!.querySelectorAll("a")];
  let at = links.indexOf(link);
  const dialog = document.createElement("dialog");
  dialog.className = "large";
  const image = document.createElement("img");
  const words = document.createElement("p");
  const place = document.createElement("span");
  const bar = document.createElement("div");
  const turn = (by: number): void => {
    at = (at + by + links.length) % links.length;
    const small = links[at]!.querySelector("img");
    image.src = links[at]!.href;
    image.alt = small?.alt ?? "";
    words.textContent = image.alt;
    dialog.ariaLabel = image.alt;
    place.textContent = links.length > 1 ? `${at + 1} / ${links.length}` : "";
  };
  bar.className = "large-bar";
  const labels = document.querySelector<HTMLElement>("[data-viewer-words]")?.dataset ?? {};
  const button = (sign: string, label: string, act: () => void): HTMLButtonElement => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "tool";
    made.textContent = sign;
    made.ariaLabel = label;
    made.addEventListener("click", act);
    return made;
  };
  if (links.length > 1) bar.append(button("←", labels.before ?? "", () => turn(-1)), place);
  if (links.length > 1) bar.append(button("→", labels.after ?? "", () => turn(1)));
  bar.append(button("×", labels.close ?? "", () => dialog.close()));
  dialog.append(image, words, bar);
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "ArrowLeft") turn(-1);
    if (event.key === "ArrowRight") turn(1);
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    link.focus();
  });
  turn(0);
  document.body.append(dialog);
  dialog.showModal();
}

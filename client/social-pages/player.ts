/** What plays on a card opens over the page, in a frame of this site, and goes when it is closed. */
export function wirePlayers(): void {
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[data-plays]") : null;
    if (!(link instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey || event.shiftKey)
      return;
    event.preventDefault();
    open(link);
  });
}

function open(link: HTMLAnchorElement): void {
  const dialog = document.createElement("dialog");
  dialog.className = "player";
  dialog.ariaLabel = link.dataset.plays ?? "";
  const frame = document.createElement("iframe");
  frame.src = link.href;
  frame.title = dialog.ariaLabel;
  frame.allow = "fullscreen; autoplay";
  const close = document.createElement("button");
  close.type = "button";
  close.className = "tool";
  close.textContent = "×";
  close.ariaLabel =
    document.querySelector<HTMLElement>("[data-viewer-words]")?.dataset.close ?? "";
  close.addEventListener("click", () => dialog.close());
  frame.addEventListener("load", () => {
    // Keys pressed in the frame stay there, but Esc is meant for what lies around it.
    frame.contentWindow?.addEventListener("keydown", (event) => {
      if (event.key === "Escape") dialog.close();
    });
    frame.focus();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    link.focus();
  });
  dialog.append(frame, close);
  document.body.append(dialog);
  dialog.showModal();
}

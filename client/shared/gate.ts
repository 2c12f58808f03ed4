/** The circle opens from the gate that was pressed; other links change page without a show. */

const KEY = "moongate.gate";
const FRESH_MS = 4000;
const GAME = /\/race\/play\//;

interface Opening {
  x: number;
  y: number;
  at: number;
}

export function openGates(): void {
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[data-gate]") : null;
    if (link === null || event.button !== 0 || event.metaKey || event.ctrlKey) return;
    const shape = link.querySelector("svg") ?? link.closest("li")?.querySelector("svg") ?? link;
    const box = shape.getBoundingClientRect();
    remember({ x: box.x + box.width / 2, y: box.y + box.height / 2, at: Date.now() });
  });
  addEventListener("pageswap", (event) => {
    if (!event.viewTransition) return;
    // The game has a gate of its own, and would break ours off with an error.
    const opening = GAME.test(event.activation?.entry?.url ?? "") ? null : recall();
    if (opening) place(opening);
    else event.viewTransition.skipTransition();
  });
  addEventListener("pagereveal", (event) => {
    if (!event.viewTransition) return;
    const opening = recall();
    forget();
    if (opening) place(opening);
    else event.viewTransition.skipTransition();
  });
}

function place({ x, y }: Opening): void {
  const style = document.documentElement.style;
  style.setProperty("--gate-x", `${x}px`);
  style.setProperty("--gate-y", `${y}px`);
}

function remember(opening: Opening): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(opening));
  } catch {
    // Storage may be closed to us; the gate then opens from the middle.
  }
}

function recall(): Opening | null {
  try {
    const opening = JSON.parse(sessionStorage.getItem(KEY) ?? "null") as Opening | null;
    return opening && Date.now() - opening.at < FRESH_MS ? opening : null;
  } catch {
    return null;
  }
}

function forget(): void {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // Nothing was kept, then.
  }
}

import type { Config } from "./config";

/** What the page and its service worker say to each other. */
export type Told =
  | { kind: "keep"; page: string; files: string[] }
  | { kind: "skip" };

/** Keeps the game on this device, and says when a newer one waits. */
export class Offline {
  private asked = false;

  constructor(
    private readonly config: Config,
    private readonly updated: (take: () => void) => void,
  ) {}

  /** Installs the worker and hands it what this page has loaded; without one all goes on as ever. */
  async start(): Promise<void> {
    if (!this.config.worker || !("serviceWorker" in navigator)) return;
    const url = `${this.config.worker}?lang=${this.config.language}`;
    try {
      const registration = await navigator.serviceWorker.register(url);
      navigator.serviceWorker.addEventListener("controllerchange", () => {
        if (this.asked) location.reload();
      });
      this.watch(registration);
      const ready = await navigator.serviceWorker.ready;
      const told: Told = { kind: "keep", page: location.pathname, files: loadedFiles() };
      ready.active?.postMessage(told);
    } catch {
      // Private windows and full disks have no workers.
    }
  }

  private watch(registration: ServiceWorkerRegistration): void {
    const offer = (): void => {
      const { waiting } = registration;
      // The first version of all replaces nothing.
      if (!waiting || !navigator.serviceWorker.controller) return;
      this.updated(() => {
        this.asked = true;
        waiting.postMessage({ kind: "skip" } satisfies Told);
      });
    };
    offer();
    registration.addEventListener("updatefound", () => {
      const { installing } = registration;
      installing?.addEventListener("statechange", () => {
        if (installing.state === "installed") offer();
      });
    });
  }
}

/** Every file of ours that this page has fetched. */
function loadedFiles(): string[] {
  const names = performance.getEntriesByType("resource").map(({ name }) => name);
  return [...new Set(names)].filter((name) => name.startsWith(`${location.origin}/static/`));
}

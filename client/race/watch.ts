import "./css/watch.css";
import { readConfig, type Config } from "./core/config";
import { Outbox } from "./core/outbox";
import { Records } from "./core/records";
import { load } from "./load";
import { make, setText } from "./ui/dom";
import { stringsFor } from "./ui/strings";
import { Controls } from "./watch/controls";
import { Player } from "./watch/player";
import { installWatchProbe } from "./watch/probe";
import { watchStringsFor, type WatchStrings } from "./watch/strings";
import { Tape, TapeError } from "./watch/tape";
import { titlePlate } from "./watch/title";

/** Finds the page's `#race-watch` and plays the record that it names. */
async function boot(): Promise<void> {
  const root = document.querySelector<HTMLElement>("#race-watch");
  if (!root) return;
  const config = readConfig(root, location, document.documentElement.lang);
  const s = watchStringsFor(config.language);
  const { record = "", title = "", player = "", time = "0" } = root.dataset;
  root.append(titlePlate(s, config, title, player, Number(time)));
  root.classList.toggle("is-framed", window.parent !== window);
  const waiting = new Waiting(root, s);
  try {
    await show(root, config, s, record, waiting);
  } catch (error) {
    waiting.fail(reasonFor(error, s));
    throw error;
  }
}

async function show(
  root: HTMLElement,
  config: Config,
  s: WatchStrings,
  record: string,
  waiting: Waiting,
): Promise<void> {
  const strings = stringsFor(config.language);
  if (!document.createElement("canvas").getContext("webgl2")) throw new Error(strings.unsupported);
  const records = new Records(config.api, config.track, new Outbox());
  const [bytes, loaded] = await Promise.all([
    records.replay(record),
    load(config, strings, waiting),
  ]);
  const tape = Tape.fromBytes(bytes, loaded.track);
  const view = make("div", { class: "rg-view" });
  const hud = make("div", { class: "w-hud" });
  root.prepend(view, hud);
  const player = new Player(view, hud, config, loaded, tape);
  const links = { race: root.dataset["race"] ?? config.back, own: location.pathname };
  const { facts } = loaded.course;
  const controls = new Controls(root, player, s, facts, config.language, links);
  player.onFrame = () => controls.frame();
  installWatchProbe(player);
  await player.open();
  waiting.done();
  // Whoever asked for less motion says when it begins.
  if (!config.reducedMotion) player.play();
}

function reasonFor(error: unknown, s: WatchStrings): string {
  if (!(error instanceof TapeError)) return error instanceof Error ? error.message : String(error);
  return {
    "other-rules": s.otherRules,
    "other-road": s.otherRoad,
    karts: s.karts,
    untrue: s.untrue,
  }[error.why];
}

/** How far the loading is, and why it went no further. */
class Waiting {
  private readonly bar = make("progress", { max: "1", value: "0" });
  private readonly text = make("p");
  private readonly box = make("div", { class: "w-waiting", role: "status" }, this.text, this.bar);

  constructor(
    root: HTMLElement,
    private readonly s: WatchStrings,
  ) {
    setText(this.text, s.loading);
    root.append(this.box);
  }

  progress(share: number): void {
    this.bar.value = share;
  }

  done(): void {
    this.box.remove();
  }

  fail(reason: string): void {
    const again = make("button", { class: "w-button", type: "button" }, this.s.retry);
    again.addEventListener("click", () => location.reload());
    this.box.setAttribute("role", "alert");
    this.box.replaceChildren(make("h2", {}, this.s.failed), make("p", {}, reason), again);
  }
}

void boot();

import { H_COUNTDOWN, K_BEST_LAP, K_LAP, K_LAP_START } from "../generated/sim.js";
import { formatGap, formatTime, TICKS_PER_SECOND } from "../core/format";
import type { System, World } from "../core/world";
import { make, setText } from "../ui/dom";

/** Lap, this lap's time, the last, the best, and the split against the ghost. */
export class Timing implements System {
  readonly name = "timing";
  private readonly lap = make("span", { class: "rg-lap-number" });
  private readonly now = make("span", { class: "rg-time-now" });
  private readonly last = make("span", { class: "rg-time-small" });
  private readonly best = make("span", { class: "rg-time-small" });
  private readonly split = make("div", { class: "rg-split" });
  private readonly lastRow: HTMLElement;
  private readonly bestRow: HTMLElement;

  constructor(root: HTMLElement, world: World) {
    const s = world.strings;
    this.lastRow = make(
      "div",
      { class: "rg-time-row" },
      make("span", { class: "rg-label" }, s.last),
      this.last,
    );
    this.bestRow = make(
      "div",
      { class: "rg-time-row" },
      make("span", { class: "rg-label" }, s.best),
      this.best,
    );
    root.append(
      make(
        "div",
        { class: "rg-timing" },
        make("div", { class: "rg-lap" }, make("span", { class: "rg-label" }, s.lap), this.lap),
        this.now,
        this.lastRow,
        this.bestRow,
      ),
      this.split,
    );
  }

  reset(): void {
    this.split.classList.remove("is-shown");
  }

  frame(world: World): void {
    const { race } = world;
    const { cur } = race.driven;
    setText(this.lap, `${Math.min(race.laps, race.field(K_LAP) + 1)}/${race.laps}`);
    const sinceGo = Math.max(0, race.tick - cur[H_COUNTDOWN]!);
    const laps = race.lapMs;
    const done = world.phase === "finished";
    const now = done
      ? (laps[laps.length - 1] ?? 0)
      : ((sinceGo - race.field(K_LAP_START)) * 1000) / TICKS_PER_SECOND;
    setText(this.now, formatTime(now));
    this.lastRow.hidden = laps.length === 0;
    this.bestRow.hidden = race.field(K_BEST_LAP) === 0;
    if (laps.length > 0) {
      setText(this.last, formatTime(laps[laps.length - 1]!));
      setText(this.best, formatTime(Math.min(...laps)));
    }
    this.showSplit(world);
  }

  private showSplit(world: World): void {
    const { split } = world;
    const shown = split !== null && world.phase === "racing";
    this.split.classList.toggle("is-shown", shown);
    if (!shown) return;
    this.split.classList.toggle("is-behind", split > 5);
    this.split.classList.toggle("is-ahead", split < -5);
    setText(this.split, `${split > 5 ? "▼" : split < -5 ? "▲" : "◆"} ${formatGap(split)}`);
  }
}

import { formatGap, formatTime } from "../core/format";
import type { BoardRow, Verdict } from "../core/records";
import { make, setText } from "./dom";
import { icon } from "./icons";
import { action } from "./pausepanel";
import { Panel } from "./panel";
import { fill, type Strings } from "./strings";

export interface Outcome {
  timeMs: number;
  lapMs: number[];
  /** What was raced against, if anything. */
  ghost: { name: string; timeMs: number } | null;
}

export interface ResultActions {
  again(): void;
  raceGhost(id: string, name: string): void;
}

/** The results: what the clock said, what the server says, and who is on the board. */
export class Results {
  private readonly panel: Panel;
  private readonly summary = make("div", { class: "rg-result-summary" });
  private readonly verdict = make("div", {
    class: "rg-verdict",
    role: "status",
    "aria-live": "polite",
  });
  private readonly board = make("div", { class: "rg-board" });
  private readonly again: HTMLElement;
  private readonly record: HTMLButtonElement;
  private readonly post: HTMLAnchorElement;
  private best: BoardRow | null = null;

  constructor(
    root: HTMLElement,
    private readonly s: Strings,
    back: string,
    private readonly actions: ResultActions,
    private readonly compose: string,
  ) {
    this.panel = new Panel(root, "results", s.results);
    this.again = action("restart", s.again, "rg-button-main", () => actions.again());
    this.record = action("ghost", s.raceRecord, "", () => {
      if (this.best) actions.raceGhost(this.best.id, this.best.player.name);
    });
    this.record.hidden = true;
    this.post = make("a", { class: "rg-button" }, icon("post"), make("span", {}, s.postReplay));
    this.post.hidden = true;
    this.panel.body.append(
      make("h2", {}, s.results),
      this.summary,
      this.verdict,
      make(
        "div",
        { class: "rg-actions" },
        this.again,
        this.record,
        this.post,
        make("a", { class: "rg-button", href: back }, icon("back"), make("span", {}, s.quit)),
      ),
      make("h3", {}, s.board),
      this.board,
    );
  }

  show(outcome: Outcome): void {
    const s = this.s;
    const best = Math.min(...outcome.lapMs);
    const laps = make("ol", { class: "rg-laps" });
    outcome.lapMs.forEach((ms, i) => {
      const isBest = ms === best && outcome.lapMs.length > 1;
      laps.append(
        make(
          "li",
          { class: isBest ? "is-best" : "" },
          make("span", {}, `${s.lap} ${i + 1}`),
          make("b", {}, formatTime(ms)),
          isBest ? make("em", {}, s.bestLap) : null,
        ),
      );
    });
    this.summary.replaceChildren(
      make(
        "p",
        { class: "rg-result-time" },
        make("span", { class: "rg-label" }, s.yourTime),
        make("strong", {}, formatTime(outcome.timeMs)),
      ),
      laps,
    );
    if (outcome.ghost)
      this.summary.append(
        this.comparison(outcome.timeMs - outcome.ghost.timeMs, outcome.ghost.name),
      );
    this.verdict.className = "rg-verdict is-pending";
    this.verdict.replaceChildren(
      make("span", { class: "rg-spinner" }),
      make("span", {}, s.proving),
    );
    this.board.replaceChildren();
    this.post.hidden = true;
    this.panel.show(this.again);
  }

  private comparison(gap: number, name: string): HTMLElement {
    const text = gap === 0 ? this.s.level : gap < 0 ? this.s.faster : this.s.slower;
    return make(
      "p",
      { class: `rg-compare ${gap <= 0 ? "is-ahead" : "is-behind"}` },
      `${gap <= 0 ? "▲" : "▼"} ${fill(text, { gap: formatGap(Math.abs(gap)).slice(1), name })}`,
    );
  }

  verdictIs(verdict: Verdict): void {
    const s = this.s;
    this.verdict.className = `rg-verdict is-${verdict.kind}`;
    if (verdict.kind === "verified") {
      const { record } = verdict;
      this.verdict.replaceChildren(
        make("b", {}, `✓ ${s.proven}: ${formatTime(record.time_ms)}`),
        make(
          "span",
          {},
          [
            record.personal_best ? s.personalBest : "",
            record.rank ? fill(s.rank, { n: record.rank }) : "",
            fill(s.asGuest, { name: record.player.name }),
          ]
            .filter(Boolean)
            .join(" · "),
        ),
      );
      this.verdict.dataset["record"] = record.id;
      this.post.href = this.compose + record.id;
      this.post.hidden = this.compose === "";
    } else if (verdict.kind === "refused") {
      this.verdict.replaceChildren(
        make("b", {}, s.refused),
        make("span", {}, `${verdict.reason} ${verdict.mend}`.trim()),
      );
    } else {
      this.verdict.replaceChildren(
        make("b", {}, verdict.why === "offline" ? s.sendLater : s.sendBusy),
      );
    }
  }

  boardIs(rows: BoardRow[] | null): void {
    const s = this.s;
    this.best = rows?.[0] ?? null;
    this.record.hidden = this.best === null;
    if (!rows || rows.length === 0) {
      this.board.replaceChildren(make("p", {}, rows ? s.boardEmpty : s.boardFailed));
      return;
    }
    const list = make("ol", { class: "rg-board-rows" });
    for (const row of rows) {
      const race = make(
        "button",
        {
          class: "rg-board-race",
          type: "button",
          "aria-label": `${s.raceGhost}: ${row.player.name}`,
          title: s.raceGhost,
        },
        icon("ghost"),
      );
      race.addEventListener("click", () => this.actions.raceGhost(row.id, row.player.name));
      list.append(
        make(
          "li",
          { class: row.is_you ? "is-you" : "" },
          make("span", { class: "rg-rank" }, String(row.rank)),
          make(
            "span",
            { class: "rg-name" },
            row.player.name,
            row.is_you ? make("em", {}, s.you) : null,
          ),
          make("b", {}, formatTime(row.time_ms)),
          race,
        ),
      );
    }
    this.board.replaceChildren(list);
  }

  hide(): void {
    this.panel.hide();
    setText(this.verdict, "");
  }
}

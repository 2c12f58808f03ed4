import { formatTime } from "../core/format";
import type { Race } from "../core/race";
import type { System, World } from "../core/world";
import { LIVERIES } from "../render/fleet";
import { make, setText } from "./dom";
import { icon } from "./icons";
import { action } from "./pausepanel";
import { Panel } from "./panel";
import { fill, type Strings } from "./strings";

/** The result of a race against others; those still on the road fill in as they arrive. */
export class RaceResults implements System {
  readonly name = "race results";
  private readonly panel: Panel;
  private readonly title = make("h2");
  private readonly note = make("p", { class: "rg-race-note" });
  private readonly rows = make("tbody");
  private readonly again: HTMLElement;
  private race: Race | null = null;
  private shown = "";

  constructor(
    root: HTMLElement,
    private readonly s: Strings,
    back: string,
    again: () => void,
  ) {
    this.panel = new Panel(root, "results", s.results);
    this.again = action("restart", s.again, "rg-button-main", again);
    const head = [s.place, s.driver, s.time].map((text) => make("th", { scope: "col" }, text));
    this.panel.body.append(
      this.title,
      this.note,
      make(
        "table",
        { class: "rg-standings" },
        make("caption", { class: "rg-hidden" }, s.results),
        make("thead", {}, make("tr", {}, ...head)),
        this.rows,
      ),
      make(
        "div",
        { class: "rg-actions" },
        this.again,
        make("a", { class: "rg-button", href: back }, icon("back"), make("span", {}, s.quit)),
      ),
    );
  }

  show(race: Race): void {
    const { standings, rivals } = race;
    if (!standings || !rivals) return;
    this.race = race;
    this.shown = "";
    const place = standings.placeOf(race.kart);
    setText(this.title, fill(this.s.placeOf, { n: place, of: standings.karts }));
    setText(this.note, fill(this.s.rivalLevel, { level: this.s[rivals.level] }));
    this.fill(race);
    this.panel.show(this.again);
  }

  hide(): void {
    this.race = null;
    this.panel.hide();
  }

  frame(world: World): void {
    if (this.race && this.race === world.race) this.fill(this.race);
  }

  private fill(race: Race): void {
    const { standings, rivals } = race;
    if (!standings || !rivals) return;
    const facts = standings.order.map((kart) => `${kart}:${standings.finishMs[kart]}`).join();
    if (facts === this.shown) return;
    this.shown = facts;
    const first = standings.finishMs[standings.order[0]!] ?? null;
    this.rows.replaceChildren(
      ...standings.order.map((kart, i) => {
        const you = kart === race.kart;
        const ms = standings.finishMs[kart] ?? null;
        const dot = make("i");
        dot.style.background = you ? "#ff6a3d" : LIVERIES[kart % LIVERIES.length]!;
        return make(
          "tr",
          { class: you ? "is-you" : "" },
          make("td", {}, String(i + 1)),
          make("td", {}, dot, you ? this.s.you : rivals.names[kart]!),
          make("td", {}, this.time(ms, first, i)),
        );
      }),
    );
  }

  private time(ms: number | null, first: number | null, place: number): string {
    if (ms === null) return this.s.onTheRoad;
    if (place === 0 || first === null) return formatTime(ms);
    return `+${((ms - first) / 1000).toFixed(2)}`;
  }
}

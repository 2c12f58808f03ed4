import type { Standings } from "../core/standings";
import type { System, World } from "../core/world";
import { make, setText } from "../ui/dom";

const EVERY_TICKS = 6; // a gap that changes faster cannot be read

/** Your place in the race, and the gaps to the one in front and the one behind. */
export class Place implements System {
  readonly name = "place";
  private readonly box: HTMLElement;
  private readonly place = make("b", { class: "rg-place-number" });
  private readonly of = make("span", { class: "rg-place-of" });
  private readonly ahead = row("▲");
  private readonly behind = row("▼");
  private readonly live = make("span", { class: "rg-hidden", "aria-live": "polite" });
  private shownAt = -EVERY_TICKS;
  private told = 0;

  constructor(root: HTMLElement, world: World) {
    this.box = make(
      "div",
      { class: "rg-place", hidden: true },
      make("span", { class: "rg-hidden" }, world.strings.place),
      make("p", {}, this.place, this.of),
      this.ahead.element,
      this.behind.element,
      this.live,
    );
    root.append(this.box);
  }

  reset(world: World): void {
    this.box.hidden = world.race.standings === null;
    this.shownAt = -EVERY_TICKS;
    this.told = 0;
    setText(this.live, "");
  }

  frame(world: World): void {
    const { race } = world;
    const { standings } = race;
    if (!standings || race.tick - this.shownAt < EVERY_TICKS) return;
    this.shownAt = race.tick;
    const place = standings.placeOf(race.kart);
    setText(this.place, String(place));
    setText(this.of, `/${standings.karts}`);
    const ahead = standings.ahead(race.kart);
    const behind = standings.behind(race.kart);
    this.tell(this.ahead, world, standings, ahead, ahead, race.kart);
    this.tell(this.behind, world, standings, behind, race.kart, behind);
    if (world.phase === "racing" && place !== this.told) {
      // The first place told is that of the grid, which nobody has won.
      if (this.told) setText(this.live, `${world.strings.place} ${place}/${standings.karts}`);
      this.told = place;
    }
  }

  private tell(
    line: Row,
    { race }: World,
    standings: Standings,
    who: number | null,
    front: number | null,
    rear: number | null,
  ): void {
    const gap = front === null || rear === null ? null : standings.gap(front, rear);
    line.element.classList.toggle("is-shown", who !== null && gap !== null);
    if (who === null || gap === null) return;
    setText(line.name, race.rivals?.names[who] ?? "");
    setText(line.gap, gap.toFixed(2));
  }
}

interface Row {
  element: HTMLElement;
  name: HTMLElement;
  gap: HTMLElement;
}

function row(sign: string): Row {
  const name = make("span", { class: "rg-place-name" });
  const gap = make("b", {});
  return {
    name,
    gap,
    element: make("p", { class: "rg-place-gap" }, make("i", {}, sign), name, gap),
  };
}

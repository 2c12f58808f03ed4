import { collect, cardsOf, type Interest } from "../core/cards";
import type { Landmark } from "../core/edition";
import type { Track } from "../core/track";
import type { System, World } from "../core/world";
import { make, setText } from "../ui/dom";

/** Metres at which a landmark beside the road counts as seen. */
export const SIGHT_M = 60;
/** A landmark farther off is seen from where the road comes closest, and this much around it. */
const BEYOND_M = 12;
const SHOWN_S = 6;

interface Waiting {
  mark: Landmark;
  reach: number;
}

/** A landmark's card slides in when the player first drives past it, and is kept. */
export class Cards implements System {
  readonly name = "cards";
  private readonly box: HTMLElement;
  private readonly label = make("p", { class: "rg-card-label" });
  private readonly title = make("h2");
  private readonly what = make("p", { class: "rg-card-what" });
  private readonly why = make("p", { class: "rg-card-why" });
  private waiting: Waiting[] = [];
  private left = 0;

  constructor(
    root: HTMLElement,
    track: Track,
    /** edition/track, as the cards are kept. */
    private readonly course: string,
    private readonly marks: readonly Landmark[],
    private readonly interest: Interest,
  ) {
    this.box = make(
      "aside",
      { class: "rg-card", role: "status" },
      this.label,
      this.title,
      this.what,
      this.why,
    );
    root.append(this.box);
    const mine = cardsOf(course);
    this.waiting = marks
      .filter(({ slug }) => !mine.has(slug))
      .map((mark) => ({ mark, reach: reachOf(mark, track) }));
  }

  reset(): void {
    this.left = 0;
    this.box.classList.remove("is-shown");
  }

  frame(world: World, dt: number): void {
    this.left -= dt;
    if (this.left <= 0) this.box.classList.remove("is-shown");
    if (world.phase !== "racing" || this.left > 0) return;
    const { x, y } = world.me;
    const seen = this.waiting.findIndex(
      ({ mark, reach }) => Math.hypot(mark.x - x, mark.y - y) < reach,
    );
    if (seen < 0) return;
    const [{ mark }] = this.waiting.splice(seen, 1) as [Waiting];
    if (!collect(this.course, mark.slug)) return;
    this.interest.note({ course: world.config.track, card: mark.slug });
    this.show(world, mark);
  }

  private show(world: World, mark: Landmark): void {
    const { strings, config } = world;
    const all = this.marks.length;
    setText(this.label, `${strings.cardNew} ${all - this.waiting.length}/${all}`);
    setText(this.title, mark.name[config.language]);
    setText(this.what, mark.what[config.language]);
    setText(this.why, mark.why[config.language]);
    this.box.classList.add("is-shown");
    this.left = SHOWN_S;
  }
}

/** How near the road must be for this landmark to be seen: every card can be collected. */
function reachOf(mark: Landmark, track: Track): number {
  let closest = Infinity;
  for (let at = 0; at < track.n; at++) {
    const { x, y } = track.point(at);
    closest = Math.min(closest, Math.hypot(mark.x - x, mark.y - y));
  }
  return Math.max(SIGHT_M, closest + BEYOND_M);
}

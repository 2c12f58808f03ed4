import {
  K_NITRO_GAUGE,
  K_NITRO_LEFT,
  K_NITRO_STOCK,
  NITRO_STOCK_MAX,
  NITRO_TICKS,
} from "../generated/sim.js";
import { displaySpeed } from "../core/format";
import type { System, World } from "../core/world";
import { make, setText } from "../ui/dom";
import { fill } from "../ui/strings";

/** Speed, the nitro that fills while drifting, and the bottles it makes. */
export class Gauge implements System {
  readonly name = "gauge";
  private readonly number = make("span", { class: "rg-speed-number" }, "0");
  private readonly unit = make("span", { class: "rg-speed-unit" });
  private readonly arc: SVGPathElement;
  private readonly bottles: HTMLElement[];
  private readonly box: HTMLElement;
  private readonly stockLabel: HTMLElement;
  private shown = -1;
  private shownArc = -1;

  constructor(root: HTMLElement, world: World) {
    const holder = make("div", { class: "rg-dial" });
    holder.innerHTML =
      '<svg viewBox="0 0 120 120" aria-hidden="true"><path class="rg-dial-track" pathLength="100" d="M26.800 93.200a47 47 0 1 1 66.400 0"/><path class="rg-dial-fill" pathLength="100" d="M26.800 93.200a47 47 0 1 1 66.400 0"/></svg>';
    this.arc = holder.querySelector<SVGPathElement>(".rg-dial-fill")!;
    this.bottles = Array.from({ length: NITRO_STOCK_MAX }, () =>
      make("span", { class: "rg-bottle" }),
    );
    this.stockLabel = make("span", { class: "rg-hidden" });
    holder.append(
      make("div", { class: "rg-speed" }, this.number, this.unit),
      make("div", { class: "rg-bottles" }, ...this.bottles, this.stockLabel),
    );
    this.box = make("div", { class: "rg-gauge" }, holder);
    root.append(this.box);
    this.apply(world);
  }

  apply(world: World): void {
    setText(this.unit, world.settings.unit);
  }

  frame(world: World): void {
    const { race, me, settings, strings } = world;
    const speed = displaySpeed(Math.abs(me.speed), settings.unit);
    if (speed !== this.shown) {
      this.shown = speed;
      this.number.textContent = String(speed);
    }
    const burning = race.field(K_NITRO_LEFT);
    const share = burning > 0 ? burning / NITRO_TICKS : race.field(K_NITRO_GAUGE);
    const drawn = Math.round(share * 200) / 200;
    if (drawn !== this.shownArc) {
      this.shownArc = drawn;
      this.arc.style.strokeDasharray = `${(drawn * 100).toFixed(1)} 100`;
    }
    this.box.classList.toggle("is-burning", burning > 0);
    this.box.classList.toggle("is-mini", me.mini);
    const stock = race.field(K_NITRO_STOCK);
    this.bottles.forEach((bottle, i) => bottle.classList.toggle("is-full", i < stock));
    setText(this.stockLabel, fill(strings.bottles, { n: stock }));
  }
}

import {
  K_DRIFT,
  K_DRIFT_CHARGE,
  K_MINI_WINDOW,
  K_WRONG_WAY,
  MINI_WINDOW_TICKS,
} from "../generated/sim.js";
import { formatTime } from "../core/format";
import type { System, World } from "../core/world";
import { make, setText } from "../ui/dom";
import { fill } from "../ui/strings";

const WRONG_WAY_TICKS = 40;
const STUCK_S = 3.5;
const STUCK_SPEED = 3; // m/s
const MESSAGE_S = 2.2;
const CIRCLE = 100;

/** The start lights, what to press now, and what was just done. */
export class Prompts implements System {
  readonly name = "prompts";
  private readonly lights: HTMLElement;
  private readonly count = make("span", { class: "rg-count" });
  private readonly boost: HTMLElement;
  private readonly boostText = make("span", { class: "rg-boost-text" });
  private readonly boostKey = make("kbd", { class: "rg-boost-key" }, "M");
  private readonly ring: SVGCircleElement;
  private readonly message = make("div", { class: "rg-message" });
  private readonly warning: HTMLElement;
  private readonly hint: HTMLElement;
  private readonly live = make("div", {
    class: "rg-hidden",
    "aria-live": "assertive",
  });
  private messageLeft = 0;
  private goLeft = 0;
  private stuck = 0;

  constructor(root: HTMLElement, world: World) {
    const s = world.strings;
    this.lights = make(
      "div",
      { class: "rg-lights", "aria-hidden": "true" },
      make("i"),
      make("i"),
      make("i"),
      this.count,
    );
    this.boost = make("div", { class: "rg-boost", "aria-hidden": "true" });
    this.boost.innerHTML =
      '<svg viewBox="0 0 64 64"><circle class="rg-boost-track" cx="32" cy="32" r="27"/><circle class="rg-boost-ring" pathLength="100" cx="32" cy="32" r="27"/></svg>';
    this.ring = this.boost.querySelector<SVGCircleElement>(".rg-boost-ring")!;
    this.boost.append(this.boostText, this.boostKey);
    this.warning = make(
      "div",
      { class: "rg-warning" },
      make("strong", {}, s.wrongWay),
      make("span", {}, s.turnRound),
    );
    this.hint = make("div", { class: "rg-hint" });
    root.append(this.lights, this.message, this.warning, this.boost, this.hint, this.live);
  }

  reset(world: World): void {
    this.messageLeft = 0;
    this.goLeft = 0;
    this.stuck = 0;
    this.lights.dataset["lit"] = "0";
    this.lights.classList.remove("is-go");
    setText(this.count, "");
    setText(this.live, "");
    void world;
  }

  say(text: string, kind = ""): void {
    this.messageLeft = MESSAGE_S;
    setText(this.message, text);
    this.message.className = `rg-message is-shown ${kind}`;
    this.message.getAnimations().forEach((animation) => {
      animation.cancel();
      animation.play();
    });
  }

  announce(text: string): void {
    setText(this.live, text);
  }

  frame(world: World, dt: number): void {
    for (const event of world.events) this.tell(world, event);
    this.lights.classList.toggle("is-shown", world.phase === "countdown" || this.goLeft > 0);
    this.goLeft = Math.max(0, this.goLeft - dt);
    this.messageLeft -= dt;
    if (this.messageLeft <= 0) this.message.classList.remove("is-shown");
    this.showBoost(world);
    this.showTrouble(world, dt);
  }

  private tell(world: World, event: World["events"][number]): void {
    const s = world.strings;
    if (event.kind === "light") {
      this.lights.dataset["lit"] = String(4 - event.left);
      setText(this.count, String(event.left));
      this.announce(String(event.left));
    } else if (event.kind === "go") {
      this.goLeft = 1.1;
      this.lights.classList.add("is-go");
      setText(this.count, s.go);
      this.announce(s.go);
    } else if (event.kind === "lap") this.lapDone(world, event.lap);
    else if (event.kind === "mini") this.say(s.miniBoost, "is-mini");
    else if (event.kind === "nitro")
      this.say(event.double ? s.doubleBoost : s.nitroBoost, "is-nitro");
    else if (event.kind === "pad") this.say(s.padBoost, "is-mini");
    else if (event.kind === "rescue") this.say(s.rescued);
  }

  private lapDone(world: World, lap: number): void {
    const { race, strings: s } = world;
    const laps = race.lapMs;
    const time = formatTime(laps[lap - 1] ?? 0);
    const text = fill(s.lapDone, { n: lap, time });
    this.announce(text);
    if (lap >= race.laps) this.say(s.finish, "is-finish");
    else this.say(lap === race.laps - 1 ? `${time} · ${s.finalLap}` : text, "is-lap");
  }

  private showBoost(world: World): void {
    const { race } = world;
    const left = race.field(K_MINI_WINDOW);
    const drifting = race.field(K_DRIFT) !== 0 && world.phase === "racing";
    this.boost.classList.toggle("is-open", left > 0);
    this.boost.classList.toggle("is-charging", drifting);
    const full = race.field(K_DRIFT_CHARGE) >= 1;
    this.boost.classList.toggle("is-ready", drifting && full);
    if (left > 0) {
      setText(this.boostText, world.strings.boostNow);
      this.boostKey.hidden = world.inputKind !== "keys";
      this.ring.style.strokeDasharray = `${((left / MINI_WINDOW_TICKS) * CIRCLE).toFixed(0)} 100`;
    } else if (drifting) {
      setText(this.boostText, "");
      this.boostKey.hidden = true;
      this.ring.style.strokeDasharray = `${(Math.min(1, race.field(K_DRIFT_CHARGE)) * CIRCLE).toFixed(0)} 100`;
    }
  }

  private showTrouble(world: World, dt: number): void {
    const { race, me, strings: s } = world;
    const racing = world.phase === "racing";
    this.warning.classList.toggle("is-shown", racing && race.field(K_WRONG_WAY) > WRONG_WAY_TICKS);
    const still = racing && Math.abs(me.speed) < STUCK_SPEED && race.tick > 360;
    this.stuck = still ? this.stuck + dt : 0;
    this.hint.classList.toggle("is-shown", this.stuck > STUCK_S);
    if (still) setText(this.hint, world.inputKind === "touch" ? s.stuckTouch : s.stuck);
  }
}

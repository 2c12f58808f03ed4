import { idleWish, type Wish } from "../core/quantise";
import type { Settings } from "../core/settings";
import { make } from "../ui/dom";
import { icon, type IconName } from "../ui/icons";
import type { Strings } from "../ui/strings";
import { isTap, oneThumb, steerOf } from "./thumb";
import { Tilt } from "./tilt";

type Held = "drift" | "nitro" | "mini" | "brake" | "throttle";

const TAP_HOLD_MS = 70; // a tap is felt for some ticks, so that none is missed

interface Drag {
  id: number;
  x: number;
  y: number;
  since: number;
  far: number;
}

/** Thumbs on glass: one thumb anywhere, two thumbs with buttons, or tilting with buttons. */
export class Touch {
  readonly wish: Wish = idleWish();
  readonly element: HTMLElement;
  readonly tilt = new Tilt();
  touched = false;
  /** Set by the rescue button. */
  rescue = false;
  /** Told by the frame, so that a tap fires the boost that is ready. */
  miniReady = false;
  private drag: Drag | null = null;
  private readonly held = new Map<Held, Set<number>>();
  private tapUntil = 0;
  private readonly surface: HTMLElement;
  private readonly knob: HTMLElement;

  constructor(
    root: HTMLElement,
    private readonly settings: Settings,
    strings: Strings,
  ) {
    this.surface = make("div", { class: "rg-touch-surface" });
    this.knob = make("span", { class: "rg-pad-knob" });
    const pad = make(
      "div",
      { class: "rg-pad", "aria-hidden": "true" },
      icon("left"),
      this.knob,
      icon("right"),
    );
    this.element = make(
      "div",
      { class: "rg-touch", role: "group", "aria-label": strings.touchLabel },
      this.surface,
      pad,
      make(
        "div",
        { class: "rg-touch-buttons" },
        this.button("brake", "brake", strings.brake),
        this.button("mini", "mini", strings.miniBoost),
        this.button("nitro", "nitro", strings.nitro),
        this.button("throttle", "throttle", strings.throttle),
        this.button("drift", "drift", strings.drift),
      ),
    );
    root.append(this.element);
    this.surface.addEventListener("pointerdown", this.down);
    this.surface.addEventListener("pointermove", this.move);
    for (const end of ["pointerup", "pointercancel", "lostpointercapture"] as const) {
      this.surface.addEventListener(end, this.up);
    }
    this.element.addEventListener("contextmenu", (event) => event.preventDefault());
    this.apply();
  }

  /** Shows the scheme that the settings name. */
  apply(): void {
    this.element.dataset["scheme"] = this.settings.touch;
    this.element.dataset["auto"] = String(this.settings.autoThrottle);
    if (this.settings.touch !== "tilt") this.tilt.stop();
  }

  private button(what: Held, name: IconName, label: string): HTMLButtonElement {
    const button = make(
      "button",
      { class: `rg-thumb rg-thumb-${what}`, type: "button", tabindex: "-1", "aria-label": label },
      icon(name),
    );
    const fingers = new Set<number>();
    this.held.set(what, fingers);
    button.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      if (event.isTrusted) button.setPointerCapture(event.pointerId);
      fingers.add(event.pointerId);
      button.classList.add("is-down");
      this.touched = true;
    });
    const up = (event: PointerEvent): void => {
      fingers.delete(event.pointerId);
      if (fingers.size === 0) button.classList.remove("is-down");
    };
    button.addEventListener("pointerup", up);
    button.addEventListener("pointercancel", up);
    button.addEventListener("lostpointercapture", up);
    return button;
  }

  private readonly down = (event: PointerEvent): void => {
    if (event.pointerType === "mouse" && event.button !== 0) return;
    event.preventDefault();
    this.touched = true;
    if (this.drag) {
      this.tapUntil = performance.now() + TAP_HOLD_MS; // a second finger is a tap
      return;
    }
    if (event.isTrusted) this.surface.setPointerCapture(event.pointerId);
    this.drag = {
      id: event.pointerId,
      x: event.clientX,
      y: event.clientY,
      since: performance.now(),
      far: 0,
    };
  };

  private readonly move = (event: PointerEvent): void => {
    const drag = this.drag;
    if (!drag || event.pointerId !== drag.id) return;
    const dx = event.clientX - drag.x;
    const dy = event.clientY - drag.y;
    drag.far = Math.max(drag.far, Math.hypot(dx, dy));
    if (this.settings.touch === "one") {
      const thumb = oneThumb(dx, dy, this.wish.drift);
      this.wish.steer = thumb.steer;
      this.wish.drift = thumb.drift;
      this.wish.brake = thumb.brake;
    } else if (this.settings.touch === "two") {
      this.wish.steer = steerOf(dx, 58);
    }
    this.drawKnob();
  };

  private readonly up = (event: PointerEvent): void => {
    const drag = this.drag;
    if (!drag || event.pointerId !== drag.id) return;
    if (isTap(performance.now() - drag.since, drag.far))
      this.tapUntil = performance.now() + TAP_HOLD_MS;
    this.drag = null;
    this.wish.steer = 0;
    this.wish.drift = false;
    this.wish.brake = false;
    this.drawKnob();
  };

  private drawKnob(): void {
    this.knob.style.transform = `translateX(${(this.wish.steer * 34).toFixed(1)}px)`;
  }

  private isHeld(what: Held): boolean {
    return (this.held.get(what)?.size ?? 0) > 0;
  }

  release(): void {
    this.drag = null;
    for (const fingers of this.held.values()) fingers.clear();
    Object.assign(this.wish, idleWish());
    this.drawKnob();
  }

  frame(active: boolean): Wish {
    const { touch, autoThrottle } = this.settings;
    const one = touch === "one";
    if (touch === "tilt") this.wish.steer = this.tilt.steer;
    if (!one) {
      this.wish.drift = this.isHeld("drift");
      this.wish.brake = this.isHeld("brake");
    }
    const tapped = one && performance.now() < this.tapUntil;
    this.wish.rescue = this.rescue;
    this.wish.mini = this.isHeld("mini") || (tapped && this.miniReady);
    this.wish.nitro = this.isHeld("nitro") || (tapped && !this.miniReady);
    this.wish.throttle =
      active && !this.wish.brake && (autoThrottle || one || this.isHeld("throttle"));
    return this.wish;
  }
}

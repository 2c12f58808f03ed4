import { AnimationClip, type AnimationAction } from "three";
import { damp } from "../render/maths";
import type { Figure } from "./figure";

export type Outcome = "won" | "lost";

/** What a seated driver keeps doing with the legs, whatever the arms do. */
const SEATED = /^(hips|upper_leg|lower_leg|foot|prop)/;
const LEAN_RATE = 10;
const MOOD_RATE = 4;

/** A person at the wheel: leans into the bends, and cheers or sighs when the race is over. */
export class Rider {
  private readonly straight: AnimationAction;
  private readonly left: AnimationAction;
  private readonly right: AnimationAction;
  private readonly moods: Record<Outcome, AnimationAction>;
  private readonly felt: Record<Outcome, number> = { won: 0, lost: 0 };
  private bend = 0;

  constructor(readonly figure: Figure) {
    this.straight = figure.action("drive").play();
    this.left = figure.action("lean_left").play();
    this.right = figure.action("lean_right").play();
    this.moods = { won: this.seated("win"), lost: this.seated("lose") };
    this.weigh();
    figure.frame(0);
  }

  /** From −1 (left) to 1 (right): how far the driver leans and the wheel is turned. */
  get lean(): number {
    return this.bend;
  }

  frame(dt: number, lean: number, outcome: Outcome | null): void {
    this.bend = damp(this.bend, Math.max(-1, Math.min(1, lean)), LEAN_RATE, dt);
    for (const mood of ["won", "lost"] as const)
      this.felt[mood] = damp(this.felt[mood], outcome === mood ? 1 : 0, MOOD_RATE, dt);
    this.weigh();
    this.figure.frame(dt);
  }

  private weigh(): void {
    const calm = 1 - Math.min(1, this.felt.won + this.felt.lost);
    this.straight.setEffectiveWeight(calm * (1 - Math.abs(this.bend)));
    this.left.setEffectiveWeight(calm * Math.max(0, -this.bend));
    this.right.setEffectiveWeight(calm * Math.max(0, this.bend));
    for (const mood of ["won", "lost"] as const)
      this.moods[mood].setEffectiveWeight(this.felt[mood]);
  }

  /** A standing clip from the waist up, on the seat. */
  private seated(name: string): AnimationAction {
    const { figure } = this;
    const above = figure.clip(name);
    const tracks = [
      ...above.tracks.filter((track) => !SEATED.test(track.name)),
      ...figure.clip("drive").tracks.filter((track) => SEATED.test(track.name)),
    ];
    return figure.mixer.clipAction(new AnimationClip(`${name}_seated`, above.duration, tracks)).play();
  }
}

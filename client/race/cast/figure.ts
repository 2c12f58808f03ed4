import { AnimationMixer, LoopRepeat, type AnimationAction, type AnimationClip, type Object3D } from "three";

export type Mood = "idle" | "win" | "lose" | "drive";

const FADE_S = 0.25;

/** A person who moves: a skeleton with its clips, and whatever is worn on it. */
export class Figure {
  readonly mixer: AnimationMixer;
  private readonly actions = new Map<string, AnimationAction>();
  private playing: AnimationAction | null = null;

  constructor(
    readonly root: Object3D,
    readonly clips: readonly AnimationClip[],
  ) {
    this.mixer = new AnimationMixer(root);
  }

  clip(name: string): AnimationClip {
    const found = this.clips.find((clip) => clip.name === name);
    if (!found) throw new Error(`the figure has no clip ${name}`);
    return found;
  }

  action(name: string): AnimationAction {
    let action = this.actions.get(name);
    if (!action) {
      action = this.mixer.clipAction(this.clip(name)).setLoop(LoopRepeat, Infinity);
      this.actions.set(name, action);
    }
    return action;
  }

  /** Goes over to a clip; at once when nothing was played before. */
  play(mood: Mood): void {
    const next = this.action(mood);
    if (next === this.playing) return;
    next.reset().play();
    if (this.playing) next.crossFadeFrom(this.playing, FADE_S, false);
    this.playing = next;
  }

  /** Stands as a clip has it at a time (seconds), for a picture. */
  hold(mood: Mood, at: number): void {
    this.mixer.stopAllAction();
    this.playing = this.action(mood).reset().play();
    this.mixer.setTime(at);
    this.root.updateMatrixWorld(true);
  }

  frame(dt: number): void {
    this.mixer.update(dt);
  }

  /** The time that the clip being played takes, seconds. */
  get length(): number {
    return this.playing?.getClip().duration ?? 0;
  }
}

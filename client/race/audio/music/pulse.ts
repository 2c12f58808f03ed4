import { Clock, type BaseContext } from "tone";

/** Says when each slice begins, and is told how long it lasts. */
export interface Pulse {
  start(time: number): void;
  stop(time: number): void;
  /** Stands still where it is; `start` goes on. */
  pause(time: number): void;
  /** The slice that begins at `time` lasts so many seconds. */
  lasts(seconds: number, time: number): void;
}

export type Beat = (time: number) => void;

/** The audio clock's own pulse, a little ahead of what is heard. */
export class ClockPulse implements Pulse {
  private readonly clock: Clock;

  constructor(context: BaseContext, beat: Beat) {
    this.clock = new Clock({ context, frequency: 8, callback: beat });
  }

  start(time: number): void {
    if (this.clock.state !== "started") this.clock.start(time);
  }

  stop(time: number): void {
    this.clock.stop(time);
  }

  pause(time: number): void {
    if (this.clock.state === "started") this.clock.pause(time);
  }

  lasts(seconds: number, time: number): void {
    this.clock.frequency.setValueAtTime(1 / seconds, time);
  }
}

/** A pulse that is pushed by hand, for rendering faster than time. */
export class HandPulse implements Pulse {
  private next = Infinity;

  constructor(private readonly beat: Beat) {}

  start(time: number): void {
    this.next = time;
  }

  stop(time: number): void {
    if (time <= this.next) this.next = Infinity;
  }

  pause(): void {
    this.next = Infinity;
  }

  lasts(seconds: number, time: number): void {
    this.next = time + seconds;
  }

  /** Lets every slice begin that begins before `time`. */
  push(time: number): void {
    while (this.next < time) this.beat(this.next);
  }
}

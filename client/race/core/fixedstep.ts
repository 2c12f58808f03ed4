/** Turns uneven frame times into even simulation steps. Times are in seconds. */
export class FixedStep {
  private owed = 0;

  constructor(
    readonly dt: number,
    /** The most steps one frame may run; what is owed beyond that is forgiven, so a slow machine slows down instead of freezing. */
    readonly maxSteps: number,
  ) {}

  /** Says how many steps to run now; `alpha` then tells how far the next one is (0..1). */
  take(elapsed: number): number {
    if (!(elapsed > 0)) return 0;
    this.owed += elapsed;
    let steps = Math.floor(this.owed / this.dt + 1e-9);
    if (steps > this.maxSteps) {
      steps = this.maxSteps;
      this.owed = 0;
    } else {
      this.owed = Math.max(0, this.owed - steps * this.dt);
    }
    return steps;
  }

  get alpha(): number {
    return Math.min(1, this.owed / this.dt);
  }

  clear(): void {
    this.owed = 0;
  }
}

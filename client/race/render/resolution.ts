const WINDOW = 45; // frames between two decisions
const SLOW_MS = 21;
const FAST_MS = 17.4;
const STEP = 0.85;
const LEAST = 0.5;

/** Chooses the pixel ratio by the time frames take. */
export class Resolution {
  ratio: number;
  low: boolean;
  private readonly most: number;
  private readonly least: number;
  private frames = 0;
  private total = 0;
  private calm = 0;

  constructor(quality: "low" | "high" | "auto", deviceRatio: number) {
    this.most = quality === "low" ? Math.min(1, deviceRatio) * 0.75 : Math.min(deviceRatio, 2);
    this.least = quality === "high" ? this.most : Math.min(this.most, LEAST);
    this.ratio = quality === "auto" ? Math.min(this.most, 1.5) : this.most;
    this.low = quality === "low";
  }

  note(frameMs: number): void {
    if (this.least === this.most || frameMs > 400) return; // a hidden tab is no measurement
    this.frames++;
    this.total += frameMs;
    if (this.frames < WINDOW) return;
    const mean = this.total / this.frames;
    this.frames = 0;
    this.total = 0;
    if (mean > SLOW_MS) {
      this.calm = 0;
      this.ratio = Math.max(this.least, this.ratio * STEP);
      if (this.ratio <= 0.75) this.low = true;
    } else if (mean < FAST_MS && ++this.calm >= 6) {
      this.calm = 0;
      this.ratio = Math.min(this.most, this.ratio / STEP);
    }
  }
}

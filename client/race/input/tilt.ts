import { clamp } from "../render/maths";

const FULL_DEG = 26;
const DEAD_DEG = 2.5;

interface AsksFirst {
  requestPermission?: () => Promise<"granted" | "denied">;
}

/** Steering by leaning the device; the screen's turn is allowed for. */
export class Tilt {
  steer = 0;
  private on = false;

  /** Must be called from a tap where the system asks for leave. */
  async start(): Promise<boolean> {
    if (this.on) return true;
    if (typeof DeviceOrientationEvent === "undefined") return false;
    const asks = DeviceOrientationEvent as unknown as AsksFirst;
    if (
      asks.requestPermission &&
      (await asks.requestPermission().catch(() => "denied")) !== "granted"
    )
      return false;
    addEventListener("deviceorientation", this.read);
    this.on = true;
    return true;
  }

  stop(): void {
    removeEventListener("deviceorientation", this.read);
    this.on = false;
    this.steer = 0;
  }

  private readonly read = (event: DeviceOrientationEvent): void => {
    const turned = screen.orientation?.angle ?? 0;
    const beta = event.beta ?? 0;
    const gamma = event.gamma ?? 0;
    const lean =
      turned === 90
        ? beta
        : turned === 270 || turned === -90
          ? -beta
          : turned === 180
            ? -gamma
            : gamma;
    const past = Math.sign(lean) * Math.max(0, Math.abs(lean) - DEAD_DEG);
    this.steer = clamp(past / FULL_DEG, -1, 1);
  };
}

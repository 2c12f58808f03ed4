import { BUTTON_THROTTLE, CAP_BASE } from "../generated/sim.js";
import type { Pose } from "../core/pose";
import type { Mixer } from "./mixer";

const IDLE_HZ = 46;
const GEARS = [0, 9, 18, 28, 40, 70]; // m/s at which the next begins

/** A small four-stroke: three oscillators through a filter that opens with the load. */
export class EngineSound {
  private readonly parts: { oscillator: OscillatorNode; ratio: number }[];
  private readonly filter: BiquadFilterNode;
  private readonly gain: GainNode;
  private pitch = IDLE_HZ;

  constructor(private readonly mixer: Mixer) {
    const { context } = mixer;
    this.filter = context.createBiquadFilter();
    this.filter.type = "lowpass";
    this.filter.Q.value = 2.2;
    this.gain = context.createGain();
    this.gain.gain.value = 0;
    this.filter.connect(this.gain).connect(mixer.out);
    const make = (
      type: OscillatorType,
      ratio: number,
      loud: number,
    ): { oscillator: OscillatorNode; ratio: number } => {
      const oscillator = context.createOscillator();
      const level = context.createGain();
      oscillator.type = type;
      level.gain.value = loud;
      oscillator.connect(level).connect(this.filter);
      oscillator.start();
      return { oscillator, ratio };
    };
    this.parts = [
      make("sawtooth", 1, 0.5),
      make("square", 0.5, 0.34),
      make("sawtooth", 2.01, 0.16),
    ];
  }

  frame(pose: Pose, live: boolean): void {
    const { context } = this.mixer;
    const speed = Math.abs(pose.speed);
    let gear = 0;
    while (gear < GEARS.length - 2 && speed > GEARS[gear + 1]!) gear++;
    const within = (speed - GEARS[gear]!) / (GEARS[gear + 1]! - GEARS[gear]!);
    const load = pose.buttons & BUTTON_THROTTLE ? 1 : 0.25;
    const boost = pose.nitro ? 1.22 : pose.mini ? 1.1 : 1;
    const revving = speed < 2 && load === 1 ? 1.7 : 1;
    const wanted = IDLE_HZ * (1 + gear * 0.16 + within * 1.25) * boost * revving;
    this.pitch += (wanted - this.pitch) * 0.22;
    const now = context.currentTime;
    for (const { oscillator, ratio } of this.parts)
      oscillator.frequency.setTargetAtTime(this.pitch * ratio, now, 0.03);
    this.filter.frequency.setTargetAtTime(
      260 + 900 * load * Math.min(1, speed / CAP_BASE) + this.pitch * 3 * load,
      now,
      0.05,
    );
    this.gain.gain.setTargetAtTime(live ? 0.1 + 0.1 * load : 0, now, 0.08);
  }
}

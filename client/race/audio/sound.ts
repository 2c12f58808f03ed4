import type { Sounds } from "../core/edition";
import type { System, World } from "../core/world";
import { clamp } from "../render/maths";
import { EngineSound } from "./engine";
import type { Later } from "./later";
import { Mixer } from "./mixer";
import { quietTone } from "./quiet";

/** The course is on the screen before the band is sent for. */
const LATER_MS = 600;

/** Everything that is heard, made from oscillators and noise. Silent until the first gesture. */
export class Sound implements System {
  readonly name = "sound";
  private mixer: Mixer | null = null;
  private engine: EngineSound | null = null;
  private skid: ReturnType<Mixer["loop"]> | null = null;
  private roar: ReturnType<Mixer["loop"]> | null = null;
  private wind: ReturnType<Mixer["loop"]> | null = null;
  private ground: ReturnType<Mixer["loop"]> | null = null;
  private later: Later | null = null;
  private sent = false;

  constructor(private readonly sounds: Sounds | null = null) {}

  /** What the band is doing. */
  get music(): Later["music"]["state"] | null {
    return this.later?.music.state ?? null;
  }

  /** Call from a gesture: browsers keep a page silent until then. */
  wake(world: World): void {
    if (this.mixer) {
      if (this.mixer.context.state === "suspended" && !document.hidden)
        void this.mixer.context.resume();
      return;
    }
    if (typeof AudioContext === "undefined") return;
    this.mixer = new Mixer();
    this.engine = new EngineSound(this.mixer);
    this.skid = this.mixer.loop("bandpass", 1500, 3.2);
    this.roar = this.mixer.loop("bandpass", 420, 0.7);
    this.wind = this.mixer.loop("lowpass", 500, 0.4);
    this.ground = this.mixer.loop("lowpass", 180, 1);
    this.apply(world);
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) void this.mixer?.context.suspend();
      else void this.mixer?.context.resume();
    });
  }

  apply(world: World): void {
    this.mixer?.set(world.settings.volume, world.settings.muted);
  }

  reset(): void {
    this.later?.music.reset();
  }

  frame(world: World): void {
    this.sendForBand();
    const { mixer, engine, skid, roar, wind, ground } = this;
    if (!mixer || !engine || !skid || !roar || !wind || !ground) return;
    const { me } = world;
    mixer.hush(world.paused);
    const now = mixer.context.currentTime;
    const live = world.phase !== "gate" && world.phase !== "loading";
    engine.frame(me, live);
    const slide = clamp((Math.abs(me.slip) - 0.12) * 2.4, 0, 1) * (me.speed > 6 ? 1 : 0);
    skid.gain.gain.setTargetAtTime(slide * 0.2, now, 0.05);
    skid.filter.frequency.setTargetAtTime(
      1150 + 700 * slide + 70 * Math.sin(world.clock * 23),
      now,
      0.03,
    );
    roar.gain.gain.setTargetAtTime(me.nitro ? 0.5 : me.mini ? 0.24 : 0, now, 0.08);
    roar.filter.frequency.setTargetAtTime(me.nitro ? 620 : 420, now, 0.2);
    wind.gain.gain.setTargetAtTime(0.015 + 0.11 * clamp(me.speed / 55, 0, 1) ** 2, now, 0.1);
    wind.filter.frequency.setTargetAtTime(340 + me.speed * 22, now, 0.1);
    ground.gain.gain.setTargetAtTime(
      me.offRoad ? clamp(Math.abs(me.speed) / 20, 0, 1) * 0.5 : 0,
      now,
      0.05,
    );
    for (const event of world.events) this.play(mixer, event, world);
    this.later?.frame(world, mixer);
  }

  private sendForBand(): void {
    const { sounds } = this;
    if (this.sent || !sounds) return;
    this.sent = true;
    setTimeout(async () => {
      quietTone();
      const { Later } = await import("./later");
      this.later = new Later(sounds, () => this.mixer);
    }, LATER_MS);
  }

  private play(mixer: Mixer, event: World["events"][number], world: World): void {
    switch (event.kind) {
      case "light":
        mixer.tone(440, 0.28, 0.28, "triangle");
        break;
      case "go":
        mixer.tone(880, 0.7, 0.3, "triangle");
        mixer.tone(1320, 0.6, 0.12, "sine");
        break;
      case "window":
        mixer.tone(1568, 0.14, 0.16, "sine");
        break;
      case "mini":
        mixer.burst(500, 2600, 0.35, 0.5);
        break;
      case "pad":
        mixer.burst(700, 3000, 0.4, 0.4);
        break;
      case "land":
        mixer.burst(420, 90, 0.18, clamp(event.ticks / 60, 0.2, 0.7));
        mixer.tone(58, 0.2, 0.4, "sine");
        break;
      case "nitro":
        mixer.burst(240, 3200, 0.8, 0.7);
        mixer.tone(110, 0.6, 0.3, "sawtooth");
        break;
      case "bottle":
        mixer.tone(988, 0.2, 0.16);
        mixer.tone(1319, 0.3, 0.16, "sine", 0.08);
        break;
      case "wall":
        mixer.burst(900, 120, 0.25, clamp(event.speed / 16, 0.15, 0.8));
        mixer.tone(70, 0.22, clamp(event.speed / 14, 0.15, 0.6), "sine");
        break;
      case "bump":
        mixer.burst(520, 240, 0.12, clamp(event.speed / 12, 0.12, 0.5));
        mixer.tone(120, 0.1, clamp(event.speed / 16, 0.1, 0.4), "sine");
        break;
      case "lap":
        this.chime(
          mixer,
          event.lap >= world.race.laps ? [523, 659, 784, 1047, 1319] : [659, 784, 988],
        );
        break;
      default:
    }
  }

  private chime(mixer: Mixer, notes: number[]): void {
    notes.forEach((hz, i) => {
      mixer.tone(hz, 0.9, 0.2, "sine", i * 0.11);
      mixer.tone(hz * 2.76, 0.4, 0.04, "sine", i * 0.11);
    });
  }
}

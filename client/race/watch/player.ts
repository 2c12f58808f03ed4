import { Sound } from "../audio/sound";
import type { Config } from "../core/config";
import { loadSettings } from "../core/settings";
import { newWorld, type System, type World } from "../core/world";
import { Flame } from "../fx/flame";
import { TyreMarks } from "../fx/marks";
import { Shadow } from "../fx/shadow";
import { Smoke } from "../fx/smoke";
import { Gauge } from "../hud/gauge";
import { Minimap } from "../hud/minimap";
import type { Loaded } from "../load";
import { airOf, installFog } from "../render/atmosphere";
import { KartView } from "../render/kartview";
import { Lamplight } from "../render/lamplight";
import { addScenery } from "../render/scenery";
import { Sky } from "../render/sky";
import { Stage } from "../render/stage";
import { Water } from "../render/water";
import { Weather } from "../render/weather";
import { make } from "../ui/dom";
import { stringsFor } from "../ui/strings";
import { BroadcastCamera } from "./broadcast";
import { Deck } from "./deck";
import { planShots, type Shot } from "./shots";
import { sightIn } from "./sight";
import type { Tape } from "./tape";

const LONGEST_FRAME_S = 0.25;

export const PACES = [0.5, 1, 2] as const;
export type Pace = (typeof PACES)[number];

/** Plays a tape on the course: what is drawn and heard. `Controls` says when. */
export class Player {
  readonly stage: Stage;
  pace: Pace = 1;
  /** Told after every frame. */
  onFrame: () => void = () => undefined;
  private readonly world: World;
  private readonly camera: BroadcastCamera;
  private readonly systems: System[];
  private readonly sound: Sound;
  private before = 0;

  constructor(
    view: HTMLElement,
    hud: HTMLElement,
    config: Config,
    loaded: Loaded,
    readonly tape: Tape,
  ) {
    const { facts } = loaded.course;
    // What is switched here, sound and all, is not kept for the next race.
    const settings = { ...loadSettings(config.language), muted: true };
    this.world = newWorld({
      config,
      settings,
      strings: stringsFor(config.language),
      track: loaded.track,
      race: tape,
      lowDetail: config.quality === "low",
    });
    this.world.paused = true;
    this.sound = new Sound(loaded.sounds);
    const air = airOf(facts);
    installFog(air);
    const canvas = make("canvas", { class: "rg-canvas", "aria-hidden": "true" });
    view.append(canvas);
    this.stage = new Stage(canvas, air, config.quality);
    const { scene, camera } = this.stage;
    const water = new Water(air);
    const lamps = new Lamplight(scene, loaded.place, air, camera);
    const { painted, glow } = lamps;
    addScenery(scene, loaded.place, { painted, glow, water: water.material });
    const kart = new KartView(scene, loaded.mine, "me");
    const finish = tape.crossings.at(-1)?.tick ?? tape.ticks;
    const shots = planShots({
      path: tape.path,
      ticks: tape.ticks,
      countdown: tape.countdown,
      finish,
      track: loaded.track,
      landmarks: facts.landmarks ?? [],
      isClear: sightIn(loaded.place),
    });
    this.camera = new BroadcastCamera(camera, tape, shots);
    this.systems = [
      new Deck(tape),
      kart,
      new Shadow(scene, air),
      new Smoke(scene),
      new TyreMarks(scene),
      new Flame(kart.root),
      this.camera,
      new Sky(scene, camera, air),
      water,
      lamps,
      new Weather(scene, camera, air, config.reducedMotion),
      new Gauge(hud, this.world),
      new Minimap(hud, this.world, facts.minimap),
      this.sound,
      this.stage,
    ];
    this.rest();
  }

  get isPlaying(): boolean {
    return !this.world.paused;
  }

  get isMuted(): boolean {
    return this.world.settings.muted;
  }

  /** The slug of the piece that plays. */
  get music(): string | null {
    return this.sound.music?.piece ?? null;
  }

  get shot(): Shot {
    return this.camera.shot;
  }

  /** Where the kart is and how fast, for whoever watches from outside. */
  get spot(): { x: number; y: number; speed: number } {
    const { x, y, speed } = this.world.me;
    return { x, y, speed };
  }

  async open(): Promise<void> {
    await this.stage.prepare();
    this.before = performance.now();
    requestAnimationFrame(this.frame);
  }

  play(): void {
    if (this.tape.isOver) this.seek(0);
    this.world.paused = false;
  }

  pause(): void {
    this.world.paused = true;
  }

  seek(tick: number): void {
    this.tape.seek(tick);
    this.rest();
  }

  /** Only from a gesture: until the first, nothing sounds. */
  switchSound(on: boolean): void {
    const { settings } = this.world;
    settings.muted = !on;
    if (on && settings.volume === 0) settings.volume = 0.8;
    if (on) this.sound.wake(this.world);
    this.sound.apply(this.world);
  }

  /** Smoke, marks and cameras begin anew where the tape stands. */
  private rest(): void {
    this.world.events.length = 0;
    for (const system of this.systems) system.reset?.(this.world);
  }

  private readonly frame = (now: number): void => {
    requestAnimationFrame(this.frame);
    const started = performance.now();
    const elapsed = Math.max(0, (now - this.before) / 1000);
    this.before = now;
    const { world } = this;
    const dt = world.paused ? 0 : Math.min(LONGEST_FRAME_S, elapsed) * this.pace;
    world.clock += dt;
    for (const system of this.systems) system.frame(world, dt);
    world.events.length = 0;
    if (this.tape.isOver) world.paused = true;
    this.onFrame();
    this.stage.measure(elapsed * 1000, performance.now() - started);
  };
}

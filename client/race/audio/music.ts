import type { Sounds } from "../core/edition";
import type { World } from "../core/world";
import type { Mixer } from "./mixer";
import { openPlayer } from "./music/open";
import type { Player } from "./music/player";
import { ordersOf, type Samples } from "./music/samples";
import { fetchScore, type Score } from "./music/score";

/** Effects that the music steps back for, in dB. */
const DUCK: Partial<Record<World["events"][number]["kind"], number>> = { lap: 5, nitro: 4, wall: 3 };
type Scene = "off" | "intro" | "countdown" | "racing" | "finished";

/** The course's piece, following the race; heard after a gesture. */
export class Music {
  private player: Player | null = null;
  private piece: Score | null = null;
  private theme: Score | null = null;
  private scene: Scene = "off";
  private race: World["race"] | null = null;
  private still = false;
  private level = 0;

  constructor(
    private readonly sounds: Sounds,
    private readonly samples: Samples,
    private readonly mixer: () => Mixer | null,
  ) {
    if (sounds.pieceUrl) void this.load(sounds.pieceUrl);
  }

  /** What is playing, for whoever watches from outside. */
  get state(): { scene: Scene; form: string | null; rushing: boolean; voices: number } {
    const { player } = this;
    return {
      scene: this.scene,
      form: player?.playing ?? null,
      rushing: player?.rushing ?? false,
      voices: player?.sounding ?? 0,
    };
  }

  frame(world: World): void {
    const mixer = this.mixer();
    if (!this.player || !this.piece || !mixer) return;
    const now = mixer.context.currentTime;
    this.loudness(world, now);
    if (world.paused !== this.still) this.player.pause((this.still = world.paused), now);
    this.follow(world, now);
    this.player.desk.layer("boost", world.me.nitro || world.me.mini, now);
    for (const event of world.events) {
      const depth = DUCK[event.kind];
      if (depth) this.player.desk.duck(depth, now);
      if (event.kind === "lap" && event.lap === world.race.laps - 1) this.player.lastLap();
    }
  }

  private loudness(world: World, now: number): void {
    const { muted, music } = world.settings;
    const level = muted ? 0 : music * music;
    if (level === this.level) return;
    this.level = level;
    this.player!.desk.volume(level, now);
  }

  /** From scene to scene with the race; a race begun again begins the music again. */
  private follow(world: World, now: number): void {
    const again = this.race !== world.race;
    this.race = world.race;
    const phase = world.phase;
    const scene: Scene = phase === "gate" || phase === "loading" ? "off" : phase;
    if (scene === this.scene && !again) return;
    this.scene = scene;
    const player = this.player!;
    const piece = this.piece!;
    player.desk.layer("race", scene === "racing", now);
    if (scene === "off") player.stop(now);
    else if (scene === "racing") player.start(piece, "loop", now);
    else if (scene === "finished") player.start(piece, "finish", now, { then: (at) => this.rest(at) });
    else player.start(piece, scene, now);
  }

  /** After the last chord: the driver's own tune, then the piece at its quietest. */
  private rest(time: number): void {
    const player = this.player!;
    const results = (at: number): void => player.start(this.piece!, "results", at);
    if (this.theme && player.ready(this.theme))
      player.start(this.theme, "loop", time, { once: true, then: results });
    else results(time);
  }

  private async load(pieceUrl: string): Promise<void> {
    const { themeUrl } = this.sounds;
    try {
      const piece = await fetchScore(pieceUrl);
      // Notes can be made before the first gesture; only their hearing needs one.
      await this.samples.prepare(ordersOf(piece));
      const mixer = await this.opened();
      const player = openPlayer(mixer.context, mixer.music, this.samples);
      player.desk.volume(0, mixer.context.currentTime);
      await player.prepare(piece);
      this.piece = piece;
      this.player = player;
      if (!themeUrl) return;
      const theme = await fetchScore(themeUrl);
      await player.prepare(theme);
      this.theme = theme;
    } catch (error) {
      // A race without music is still a race.
      console.warn("The music could not be loaded:", error);
    }
  }

  private async opened(): Promise<Mixer> {
    for (;;) {
      const mixer = this.mixer();
      if (mixer) return mixer;
      await new Promise((done) => setTimeout(done, 200));
    }
  }
}

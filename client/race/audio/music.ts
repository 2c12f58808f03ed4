import { K_LAP } from "../generated/sim.js";
import type { Sounds } from "../core/edition";
import type { World } from "../core/world";
import type { Mixer } from "./mixer";
import { openPlayer } from "./music/open";
import type { Player } from "./music/player";
import { ordersOf, type Samples } from "./music/samples";
import { fetchScore, type Score } from "./music/score";

/** Effects that the music steps back for, in dB. */
const DUCK: Partial<Record<World["events"][number]["kind"], number>> = { lap: 5, nitro: 4, wall: 3 };
type Scene = "off" | "menu" | "intro" | "countdown" | "racing" | "finished";

/** The course's piece, following the race; heard after a gesture. */
export class Music {
  private player: Player | null = null;
  private readonly scores = new Map<string, Score>();
  private readonly asked = new Map<string, Promise<void>>();
  private piece: Score | null = null;
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
  get state(): {
    scene: Scene;
    piece: string | null;
    form: string | null;
    rushing: boolean;
    voices: number;
  } {
    const { player } = this;
    return {
      scene: this.scene,
      piece: player?.piecePlaying ?? null,
      form: player?.playing ?? null,
      rushing: player?.rushing ?? false,
      voices: player?.sounding ?? 0,
    };
  }

  /** The race stands elsewhere, as when a replay is wound: the music begins anew there. */
  reset(): void {
    this.race = null;
  }

  frame(world: World): void {
    const mixer = this.mixer();
    if (!this.player || !mixer) return;
    const now = mixer.context.currentTime;
    this.loudness(world, now);
    if (world.paused !== this.still) this.player.pause((this.still = world.paused), now);
    if (!this.still) this.follow(world, now);
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
    const waits = world.phase === "gate" || world.phase === "loading";
    if (waits) {
      this.wait(world, now);
      return;
    }
    const { companyUrl, pieceUrl } = this.sounds;
    const piece = this.ready(world.rivals.length > 0 ? companyUrl : pieceUrl);
    // Until its notes are made nothing plays; then it comes in where the race is by then.
    if (!piece) return;
    const again = this.race !== world.race;
    this.race = world.race;
    const scene = world.phase as Scene;
    if (scene === this.scene && !again) return;
    this.scene = scene;
    this.piece = piece;
    const player = this.player!;
    player.desk.layer("race", scene === "racing", now);
    if (scene === "racing") {
      player.start(piece, "loop", now);
      const { race } = world;
      if (race.laps > 1 && race.field(K_LAP) === race.laps - 1) player.lastLap();
    } else if (scene === "finished")
      player.start(piece, "finish", now, { then: (at) => this.rest(at) });
    else player.start(piece, scene as "intro" | "countdown", now);
  }

  /** At the gate: the edition's quiet piece, once it is there. */
  private wait(world: World, now: number): void {
    if (world.settings.mode === "race") this.ready(this.sounds.companyUrl);
    if (this.scene === "menu") return;
    const menu = this.ready(this.sounds.menuUrl);
    if (menu) {
      this.scene = "menu";
      this.player!.start(menu, "loop", now);
    } else if (this.scene !== "off") {
      this.scene = "off";
      this.player!.stop(now);
    }
  }

  /** After the last chord: the driver's own tune, then the piece at its quietest. */
  private rest(time: number): void {
    const player = this.player!;
    const results = (at: number): void => player.start(this.piece!, "results", at);
    const theme = this.ready(this.sounds.themeUrl);
    if (theme) player.start(theme, "loop", time, { once: true, then: results });
    else results(time);
  }

  /** A score whose notes are made; sends for it where they are not. */
  private ready(url: string | null): Score | null {
    if (!url) return null;
    const score = this.scores.get(url);
    if (score) return score;
    void this.send(url);
    return null;
  }

  private send(url: string): Promise<void> {
    const before = this.asked.get(url);
    if (before) return before;
    const sent = (async () => {
      const score = await fetchScore(url);
      await this.player!.prepare(score);
      this.scores.set(url, score);
    })();
    this.asked.set(url, sent);
    return sent.catch(report);
  }

  private async load(pieceUrl: string): Promise<void> {
    try {
      // Notes can be made before the first gesture; only their hearing needs one.
      await this.samples.prepare(ordersOf(await fetchScore(pieceUrl)));
      const mixer = await this.opened();
      const player = openPlayer(mixer.context, mixer.music, this.samples);
      player.desk.volume(0, mixer.context.currentTime);
      this.player = player;
      await this.send(pieceUrl);
      if (this.sounds.themeUrl) await this.send(this.sounds.themeUrl);
    } catch (error) {
      report(error);
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

/** A race without music is still a race. */
function report(error: unknown): void {
  console.warn("The music could not be loaded:", error);
}

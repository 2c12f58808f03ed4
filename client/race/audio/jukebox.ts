import type { Settings } from "../core/settings";
import { Mixer } from "./mixer";
import { openPlayer } from "./music/open";
import type { Player, Wish } from "./music/player";
import { Samples } from "./music/samples";
import { fetchScore, type Score } from "./music/score";

/** Plays pieces where nobody races. Made in a gesture: until one, a page is silent. */
export class Jukebox {
  private readonly mixer = new Mixer();
  private readonly player: Player;
  private readonly scores = new Map<string, Promise<Score>>();
  private wish = 0;

  constructor(private readonly settings: Pick<Settings, "music" | "muted">) {
    this.player = openPlayer(this.mixer.context, this.mixer.music, new Samples());
    this.apply();
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) void this.mixer.context.suspend();
      else void this.mixer.context.resume();
    });
  }

  /** The slug of the piece that plays. */
  get playing(): string | null {
    return this.player.piecePlaying;
  }

  /** Call after a change of the settings. */
  apply(): void {
    const { music, muted } = this.settings;
    this.player.desk.volume(muted ? 0 : music * music, this.mixer.context.currentTime);
  }

  /** Plays a piece round and round. The last wish wins. */
  play(url: string): Promise<void> {
    return this.begin(url, {});
  }

  /** Plays a piece once through, and then tells. */
  once(url: string, then: () => void): Promise<void> {
    // Silence first: what follows begins later than the beat at which a piece would have to end.
    return this.begin(url, { once: true, then: () => setTimeout(() => (this.stop(), then())) });
  }

  private async begin(url: string, wish: Wish): Promise<void> {
    const mine = ++this.wish;
    const piece = await this.ready(url);
    if (mine !== this.wish) return;
    const now = this.mixer.context.currentTime;
    this.player.desk.layer("race", true, now);
    this.player.start(piece, "loop", now, wish);
  }

  stop(): void {
    this.wish++;
    this.player.stop(this.mixer.context.currentTime);
  }

  private ready(url: string): Promise<Score> {
    const before = this.scores.get(url);
    if (before) return before;
    const made = fetchScore(url).then(async (score) => {
      await this.player.prepare(score, false);
      return score;
    });
    this.scores.set(url, made);
    return made;
  }
}

import type { Sounds } from "../core/edition";
import type { World } from "../core/world";
import { Barks } from "./barks";
import type { Mixer } from "./mixer";
import { Music } from "./music";
import { Samples } from "./music/samples";

/** What is heard but not needed for the first frame: the band and the driver's voice. */
export class Later {
  readonly music: Music;
  private readonly barks: Barks | null;

  constructor(sounds: Sounds, mixer: () => Mixer | null) {
    const samples = new Samples();
    this.music = new Music(sounds, samples, mixer);
    this.barks = sounds.voice ? new Barks(sounds.voice, samples) : null;
  }

  frame(world: World, mixer: Mixer): void {
    this.music.frame(world);
    this.barks?.frame(world, mixer);
  }
}

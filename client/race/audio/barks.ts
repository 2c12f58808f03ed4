import type { VoiceFacts } from "../core/edition";
import type { World } from "../core/world";
import type { Mixer } from "./mixer";
import { BARKS, VARIANTS, type BarkKind } from "./synth/voice";
import type { Samples } from "./music/samples";

/** Seconds between two cries; nobody talks all the time. */
const PAUSE_S = 2.2;
const HARD_WALL = 6; // m/s
const LOUD = 0.5;

const keyOf = (kind: BarkKind, variant: number): string => `bark:${kind}:${variant}`;

/** The driver's cries: joy, pain, speed, a race won or lost. */
export class Barks {
  private last = -Infinity;
  private said = 0;

  constructor(
    voice: VoiceFacts,
    private readonly samples: Samples,
  ) {
    const orders = BARKS.flatMap((kind) =>
      Array.from({ length: VARIANTS }, (_, variant) => ({
        key: keyOf(kind, variant),
        instrument: "voice",
        midi: 0,
        seconds: 0,
        bark: { kind, variant, voice },
      })),
    );
    void samples.prepare(orders);
  }

  frame(world: World, mixer: Mixer): void {
    for (const event of world.events) {
      const kind = this.kindOf(event, world);
      if (kind) this.say(kind, mixer, event.kind === "finish");
    }
  }

  private kindOf(event: World["events"][number], world: World): BarkKind | null {
    if (event.kind === "nitro") return "boost";
    if (event.kind === "bottle") return "happy";
    if (event.kind === "wall") return event.speed > HARD_WALL ? "ouch" : null;
    if (event.kind === "finish") return lost(world) ? "lose" : "win";
    return null;
  }

  private say(kind: BarkKind, mixer: Mixer, always: boolean): void {
    const now = mixer.context.currentTime;
    if (!always && now - this.last < PAUSE_S) return;
    this.said++;
    const sample = this.samples.get(keyOf(kind, this.said % VARIANTS));
    if (!sample) return;
    this.last = now;
    mixer.play(sample.buffer, LOUD);
  }
}

/** In the second half of the field, or behind the ghost one raced against. */
function lost({ race, split }: World): boolean {
  const { standings } = race;
  if (!standings) return (split ?? 0) > 0;
  return standings.order.indexOf(race.kart) >= standings.karts / 2;
}

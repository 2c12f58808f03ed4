import { LEVELS as LEVEL_COUNT, MEMORY, STYLE, choose, set_level } from "../generated/drivers.js";

/** From the slowest to the best, as the drivers' kernel numbers them. */
export const LEVELS = ["novice", "amateur", "club", "expert", "master"] as const;
export type Level = (typeof LEVELS)[number];

/** How many may be raced against; the grid has room for eight. */
export const MOST_RIVALS = 7;

const SEED_STEP = 7919; // a prime, so that neighbours on the grid are strangers
const SEED_RANGE = 2_000_000_000;

if (LEVELS.length !== LEVEL_COUNT) throw new Error("the levels and the drivers' kernel disagree");

/** The plan of a course: single-precision numbers in the file, doubles in the kernel. */
export function planFromBytes(bytes: ArrayBuffer): Float64Array {
  if (bytes.byteLength % 4 !== 0) throw new Error(`the plan is cut: ${bytes.byteLength} bytes`);
  return Float64Array.from(new Float32Array(bytes));
}

/** AI drivers of one level; they are karts 0 … count − 1 of the race. */
export class Rivals {
  private readonly styles: Float64Array;
  private readonly memories: Float64Array;

  constructor(
    private readonly plan: Float64Array,
    readonly names: readonly string[],
    readonly level: Level,
    private seed: number,
  ) {
    if (names.length < 1 || names.length > MOST_RIVALS)
      throw new Error(`a race has 1 to ${MOST_RIVALS} rivals: ${names.length}`);
    this.styles = new Float64Array(STYLE * names.length);
    this.memories = new Float64Array(MEMORY * names.length);
  }

  get count(): number {
    return this.names.length;
  }

  /** A new race: the same people on another day. */
  begin(): void {
    for (let kart = 0; kart < this.count; kart++) {
      this.seed = 1 + ((this.seed + SEED_STEP) % SEED_RANGE);
      set_level(this.styles, this.memories, kart, LEVELS.indexOf(this.level), this.seed);
    }
  }

  /** Writes what each of them does in the next tick. */
  choose(state: Float64Array, inputs: Int32Array): void {
    for (let kart = 0; kart < this.count; kart++)
      choose(state, this.plan, this.styles, this.memories, inputs, kart);
  }
}

import {
  SAMPLE_STRIDE,
  S_CURVATURE,
  S_GRADE,
  S_H,
  S_ROAD_LEFT,
  S_ROAD_RIGHT,
  S_TX,
  S_TY,
  S_X,
  S_Y,
  TRACK_HEADER,
  T_DS,
  T_LENGTH,
  T_N,
} from "../generated/sim.js";

/** One point of the road: plane position and height in metres, unit tangent, edges in metres. */
export interface RoadPoint {
  x: number;
  y: number;
  h: number;
  tx: number;
  ty: number;
  left: number;
  right: number;
  grade: number;
  curvature: number;
}

export class TrackError extends Error {}

/** The track table as the simulation reads it. */
export class Track {
  readonly n: number;
  readonly ds: number;
  readonly length: number;

  constructor(
    readonly table: Float64Array,
    /** 16 hex digits, part of every replay. */
    readonly id: string,
  ) {
    this.n = table[T_N] ?? 0;
    this.ds = table[T_DS] ?? 0;
    this.length = table[T_LENGTH] ?? 0;
    const expected = TRACK_HEADER + SAMPLE_STRIDE * this.n;
    if (this.n < 8 || table.length !== expected) {
      throw new TrackError(`the track table should hold ${expected} numbers: ${table.length}`);
    }
  }

  static fromBytes(bytes: ArrayBuffer, id: string): Track {
    if (bytes.byteLength % 8 !== 0)
      throw new TrackError(`the track file is cut: ${bytes.byteLength} bytes`);
    return new Track(new Float64Array(bytes), id);
  }

  private lerp(field: number, i: number, j: number, f: number): number {
    const a = this.table[TRACK_HEADER + SAMPLE_STRIDE * i + field]!;
    const b = this.table[TRACK_HEADER + SAMPLE_STRIDE * j + field]!;
    return a + (b - a) * f;
  }

  /** The road `at` samples from the line; any real number, the loop is closed. */
  point(at: number): RoadPoint {
    const wrapped = ((at % this.n) + this.n) % this.n;
    const i = Math.floor(wrapped) % this.n;
    const j = (i + 1) % this.n;
    const f = wrapped - Math.floor(wrapped);
    const tx = this.lerp(S_TX, i, j, f);
    const ty = this.lerp(S_TY, i, j, f);
    const size = Math.hypot(tx, ty) || 1;
    return {
      x: this.lerp(S_X, i, j, f),
      y: this.lerp(S_Y, i, j, f),
      h: this.lerp(S_H, i, j, f),
      tx: tx / size,
      ty: ty / size,
      left: this.lerp(S_ROAD_LEFT, i, j, f),
      right: this.lerp(S_ROAD_RIGHT, i, j, f),
      grade: this.lerp(S_GRADE, i, j, f),
      curvature: this.lerp(S_CURVATURE, i, j, f),
    };
  }
}

import { crc32 } from "./crc32";

/** The replay file: a race as its inputs. The layout is documented beside the server's reader. */
export const REPLAY_VERSION = 1;
export const MAX_BYTES = 1 << 20;
export const MAX_TICKS = 36_000;
const MAGIC = [0x4d, 0x47, 0x52, 0x50];
const FIXED_HEAD = 4 + 1 + 4 + 8 + 1 + 1 + 4;
const TAIL = 4 + 8 + 4;

export interface Replay {
  /** 8 hex digits. */
  simVersion: string;
  /** 16 hex digits. */
  trackId: string;
  laps: number;
  nTicks: number;
  /** One array per kart: steer and buttons of each tick, alternating. */
  karts: Int32Array[];
  /** Claims of the one who drove; the server believes neither. */
  finishTicks: number;
  /** 16 hex digits. */
  hash: string;
}

export class ReplayError extends Error {}

function fromHex(hex: string, bytes: number, field: string): Uint8Array {
  const digits = hex.slice(0, bytes * 2);
  if (digits.length !== bytes * 2 || !/^[0-9a-f]*$/i.test(digits)) {
    throw new ReplayError(`${field} must be ${bytes * 2} hex digits: ${hex}`);
  }
  const out = new Uint8Array(bytes);
  for (let i = 0; i < bytes; i++) out[i] = parseInt(digits.slice(i * 2, i * 2 + 2), 16);
  return out;
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}

class Writer {
  private out: number[] = [];
  u8(value: number): void {
    this.out.push(value & 0xff);
  }
  u32(value: number): void {
    for (let s = 0; s < 32; s += 8) this.u8(value >>> s);
  }
  varint(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.u8((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    this.u8(rest);
  }
  bytes(values: ArrayLike<number>): void {
    for (let i = 0; i < values.length; i++) this.u8(values[i]!);
  }
  done(): Uint8Array<ArrayBuffer> {
    return Uint8Array.from(this.out);
  }
}

function writeKart(w: Writer, inputs: Int32Array, nTicks: number): void {
  const runs: [number, number, number][] = [];
  for (let t = 0; t < nTicks; t++) {
    const steer = inputs[2 * t]!;
    const buttons = inputs[2 * t + 1]!;
    const last = runs[runs.length - 1];
    if (last && last[1] === steer && last[2] === buttons) last[0]++;
    else runs.push([1, steer, buttons]);
  }
  w.u32(runs.length);
  for (const [count, steer, buttons] of runs) {
    w.varint(count);
    w.u8(steer);
    w.u8(buttons);
  }
}

export function encodeReplay(replay: Replay): Uint8Array<ArrayBuffer> {
  if (replay.nTicks < 1 || replay.nTicks > MAX_TICKS) {
    throw new ReplayError(`a replay has 1 to ${MAX_TICKS} ticks: ${replay.nTicks}`);
  }
  const w = new Writer();
  w.bytes(MAGIC);
  w.u8(REPLAY_VERSION);
  w.bytes(fromHex(replay.simVersion, 4, "sim version"));
  w.bytes(fromHex(replay.trackId, 8, "track id"));
  w.u8(replay.laps);
  w.u8(replay.karts.length);
  w.u32(replay.nTicks);
  for (const inputs of replay.karts) writeKart(w, inputs, replay.nTicks);
  w.u32(replay.finishTicks);
  w.bytes(fromHex(replay.hash, 8, "state hash"));
  w.u32(crc32(w.done()));
  return w.done();
}

class Reader {
  at = 0;
  constructor(private readonly data: Uint8Array) {}
  u8(): number {
    if (this.at >= this.data.length) throw new ReplayError("the replay ends too early");
    return this.data[this.at++]!;
  }
  u32(): number {
    return (this.u8() | (this.u8() << 8) | (this.u8() << 16) | (this.u8() << 24)) >>> 0;
  }
  varint(): number {
    let value = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.u8();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new ReplayError("a run is too long");
  }
  take(count: number): Uint8Array {
    const out = new Uint8Array(count);
    for (let i = 0; i < count; i++) out[i] = this.u8();
    return out;
  }
}

function readKart(r: Reader, nTicks: number): Int32Array {
  const inputs = new Int32Array(2 * nTicks);
  const runs = r.u32();
  let tick = 0;
  for (let i = 0; i < runs; i++) {
    const count = r.varint();
    const steer = (r.u8() << 24) >> 24;
    const buttons = r.u8();
    if (count < 1 || tick + count > nTicks) throw new ReplayError("runs and ticks disagree");
    for (let k = 0; k < count; k++, tick++) {
      inputs[2 * tick] = steer;
      inputs[2 * tick + 1] = buttons;
    }
  }
  if (tick !== nTicks) throw new ReplayError("runs and ticks disagree");
  return inputs;
}

export function decodeReplay(data: Uint8Array): Replay {
  if (data.length < FIXED_HEAD + TAIL) throw new ReplayError("the replay ends too early");
  if (data.length > MAX_BYTES) throw new ReplayError("the replay is larger than 1 MiB");
  const r = new Reader(data);
  if (MAGIC.some((byte) => r.u8() !== byte)) throw new ReplayError("this is not a replay");
  const version = r.u8();
  if (version !== REPLAY_VERSION) throw new ReplayError(`replay version ${version} is unknown`);
  const sum = new Reader(data.subarray(data.length - 4)).u32();
  if (sum !== crc32(data.subarray(0, data.length - 4)))
    throw new ReplayError("the replay is damaged");
  const simVersion = toHex(r.take(4));
  const trackId = toHex(r.take(8));
  const laps = r.u8();
  const nKarts = r.u8();
  const nTicks = r.u32();
  if (nTicks < 1 || nTicks > MAX_TICKS)
    throw new ReplayError(`a replay has 1 to ${MAX_TICKS} ticks: ${nTicks}`);
  const karts = Array.from({ length: nKarts }, () => readKart(r, nTicks));
  const finishTicks = r.u32();
  const hash = toHex(r.take(8));
  if (r.at + 4 !== data.length) throw new ReplayError("the replay has bytes after its end");
  return { simVersion, trackId, laps, nTicks, karts, finishTicks, hash };
}

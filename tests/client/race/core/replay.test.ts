import { readFileSync, writeFileSync } from "node:fs";
import {
  HEADER,
  KART_STRIDE,
  K_FINISH_TICK,
  SIM_VERSION,
  init_race,
  step,
} from "../../../../client/race/generated/sim.js";
import {
  MAX_TICKS,
  ReplayError,
  decodeReplay,
  encodeReplay,
  type Replay,
} from "../../../../client/race/core/replay";
import { stateHash } from "../../../../client/race/core/statehash";

const folder = process.env["MOONGATE_FIXTURES"];

function some(nTicks = 400): Replay {
  const inputs = new Int32Array(2 * nTicks);
  for (let t = 0; t < nTicks; t++) {
    inputs[2 * t] = ((t >> 4) % 255) - 127;
    inputs[2 * t + 1] = (t >> 6) & 63;
  }
  return {
    simVersion: "0a1b2c3d",
    trackId: "00112233445566ff",
    laps: 2,
    nTicks,
    karts: [inputs],
    finishTicks: 220,
    hash: "deadbeef00000001",
  };
}

test("what is written is read again", () => {
  const replay = some();
  expect(decodeReplay(encodeReplay(replay))).toEqual(replay);
});

test("a run longer than a byte can count is one run", () => {
  const replay = { ...some(20_000), karts: [new Int32Array(40_000)] };
  const bytes = encodeReplay(replay);
  expect(bytes.length).toBe(23 + 4 + 3 + 2 + 12 + 4);
  expect(decodeReplay(bytes)).toEqual(replay);
});

test("one changed byte anywhere is noticed", () => {
  const bytes = encodeReplay(some(60));
  for (let i = 0; i < bytes.length; i++) {
    const forged = bytes.slice();
    forged[i]! ^= 0x40;
    expect(() => decodeReplay(forged), `byte ${i}`).toThrow(ReplayError);
  }
});

test("a file cut anywhere is refused", () => {
  const bytes = encodeReplay(some(60));
  for (let n = 0; n < bytes.length; n++)
    expect(() => decodeReplay(bytes.subarray(0, n))).toThrow(ReplayError);
});

test("a race too long, and a track without its id, cannot be written", () => {
  expect(() => encodeReplay({ ...some(), nTicks: MAX_TICKS + 1 })).toThrow("1 to 36000 ticks");
  expect(() => encodeReplay({ ...some(), trackId: "xyz" })).toThrow(
    "track id must be 16 hex digits",
  );
});

describe.runIf(folder)("against the server's Python", () => {
  const load = (name: string): Buffer => readFileSync(`${folder}/${name}`);

  test("the server's file reads the same here, and is written the same", () => {
    const bytes = new Uint8Array(load("replay.mgrp"));
    const told = JSON.parse(load("replay.json").toString()) as {
      inputs: number[][];
      finish_ticks: number;
      hash: string;
    };
    const replay = decodeReplay(bytes);
    expect(Array.from(replay.karts[0]!)).toEqual(told.inputs.flat());
    expect([replay.finishTicks, replay.hash, replay.simVersion]).toEqual([
      told.finish_ticks,
      told.hash,
      SIM_VERSION,
    ]);
    expect(Buffer.from(encodeReplay(replay)).equals(Buffer.from(bytes))).toBe(true);
  });

  test("driven here, it ends in the server's state to the last bit", () => {
    const replay = decodeReplay(new Uint8Array(load("replay.mgrp")));
    const table = new Float64Array(new Uint8Array(load("track.bin")).buffer);
    const state = new Float64Array(HEADER + KART_STRIDE);
    init_race(state, table, 1, replay.laps);
    for (let t = 0; t < replay.nTicks; t++)
      step(state, table, replay.karts[0]!.subarray(2 * t, 2 * t + 2));
    expect(state[HEADER + K_FINISH_TICK]).toBe(replay.finishTicks);
    expect(stateHash(state)).toBe(replay.hash);
  });

  test("a file of ours goes to the server", () => {
    writeFileSync(`${folder}/ours.mgrp`, encodeReplay(some()));
  });
});

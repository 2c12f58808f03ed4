// node drive_node.mjs: reads one batch of races a line from standard input, answers a line each.

import { createInterface } from "node:readline";
import * as sim from "./sim.mjs";
import { drive_races, track_table } from "./worker.mjs";

let tracks = {};
for await (const line of createInterface({ input: process.stdin })) {
  const batch = JSON.parse(line);
  for (const [name, base64] of Object.entries(batch.tracks)) {
    tracks[name] = track_table(base64);
  }
  process.stdout.write(JSON.stringify(drive_races(sim, tracks, batch.races)) + "\n");
}

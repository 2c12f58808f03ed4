// node drive_field.mjs: reads fields of karts from standard input, drives each with the transpiled
// drivers and simulation, and prints every tick's inputs and the state's last hash.

import { readFileSync } from "node:fs";
import { choose_all } from "./drivers.js";
import { state_hash, step } from "./sim.js";

const fields = JSON.parse(readFileSync(0, "utf8"));
const driven = fields.map((field) => {
  const [state, track, plan, styles, memories] = [
    field.state, field.track, field.plan, field.styles, field.memories,
  ].map((numbers) => Float64Array.from(numbers));
  const inputs = new Int32Array(field.karts * 2);
  const rows = [];
  for (let tick = 0; tick < field.ticks; tick++) {
    choose_all(state, plan, styles, memories, inputs);
    rows.push(Array.from(inputs));
    step(state, track, inputs);
  }
  return { rows, hash: state_hash(state), memories: Array.from(memories) };
});
console.log(JSON.stringify(driven));

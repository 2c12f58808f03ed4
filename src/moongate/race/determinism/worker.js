// Drives races with the simulation's ES module and returns the state hash at every mark.
// The same function runs in Node (through drive_node.mjs) and in a Chromium page.

export function drive_races(sim, tracks, races) {
  return races.map((race) => {
    const track = tracks[race.track];
    const state = new Float64Array(sim.HEADER + sim.KART_STRIDE * race.karts);
    const bytes = decode(race.inputs);
    const inputs = new Int32Array(sim.INPUT_STRIDE * race.karts);
    const hashes = [];
    sim.init_race(state, track, race.karts, race.laps);
    for (let tick = 0; tick < race.ticks; tick++) {
      for (let i = 0; i < inputs.length; i++) {
        inputs[i] = bytes[tick * inputs.length + i];
      }
      sim.step(state, track, inputs);
      if ((tick + 1) % race.mark === 0 || tick + 1 === race.ticks) {
        hashes.push(sim.state_hash(state));
      }
    }
    return hashes;
  });
}

export function track_table(base64) {
  const bytes = decode(base64);
  return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

function decode(base64) {
  const text = atob(base64);
  const bytes = new Int8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    bytes[i] = text.charCodeAt(i);
  }
  return bytes;
}

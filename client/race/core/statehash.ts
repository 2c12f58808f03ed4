const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
const MIX_START = 0x9e3779b9;
const MIX_PRIME = 0x85ebca6b;

/** 16 hex digits of the state's bits, as `moongate.race.runtime.state_hash` computes them. */
export function stateHash(state: Float64Array): string {
  const words = new Uint32Array(state.buffer, state.byteOffset, state.length * 2);
  let a = FNV_OFFSET;
  let b = MIX_START;
  for (let i = 0; i < words.length; i++) {
    a = Math.imul(a ^ words[i]!, FNV_PRIME);
    b = Math.imul(b ^ words[i]!, MIX_PRIME);
    b ^= b >>> 13;
  }
  const hex = (n: number): string => (n >>> 0).toString(16).padStart(8, "0");
  return hex(a) + hex(b);
}

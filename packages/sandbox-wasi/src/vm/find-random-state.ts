import type { Engine } from "./engine.ts";

const MASK = 0xffff_ffff_ffff_ffffn;

/** One step of the generator behind `Math.random` (xorshift64*, of which the engine keeps the shifted word). */
function next(word: bigint): bigint {
  let x = word;
  x ^= x >> 12n;
  x ^= (x << 25n) & MASK;
  x ^= x >> 27n;
  return x;
}

/**
 * The address of the word that seeds `Math.random`: the one 8-byte word that steps as the generator does when a random
 * number is drawn. Throws when there is not exactly one: then the engine changed and resets would repeat numbers.
 */
export function findRandomState(engine: Engine): number {
  engine.free(engine.evaluate("Math.random()", "seed.js"));
  const before = new Uint8Array(engine.exports.memory.buffer).slice();
  engine.free(engine.evaluate("Math.random()", "seed.js"));
  const old = new DataView(before.buffer);
  const now = new DataView(engine.exports.memory.buffer);
  const found: number[] = [];
  for (let at = 0; at + 8 <= before.byteLength; at += 8) {
    const was = old.getBigUint64(at, true);
    const is = now.getBigUint64(at, true);
    if (was !== is && was !== 0n && next(was) === is) {
      found.push(at);
    }
  }
  if (found.length !== 1) {
    throw new Error(`The state of Math.random was found in ${found.length} places, not in one.`);
  }
  return found[0]!;
}

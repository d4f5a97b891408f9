// Threefry, the generator of random numbers, in lane instructions.
import { PARITY, ROTATIONS } from "../../base/threefry.js";
import type { Machine } from "../machine.js";

/**
 * Threefry-2x32 with 20 rounds: two random words from a key and a counter of two words each. Salmon, Moraes, Dror and
 * Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
 */
export function threefry<V>(m: Machine<V>, key0: V, key1: V, ctr0: V, ctr1: V): [V, V] {
  const keys = [key0, key1, m.xor(m.xor(key0, key1), m.i32(PARITY))];
  let a = m.iadd(ctr0, key0);
  let b = m.iadd(ctr1, key1);
  for (let round = 1; round <= 20; round++) {
    const turn = ROTATIONS[(round - 1) % 8];
    a = m.iadd(a, b);
    b = m.xor(m.or(m.shl(b, turn), m.shrU(b, 32 - turn)), a);
    if (round % 4 === 0) {
      const i = round / 4;
      a = m.iadd(a, keys[i % 3]);
      b = m.iadd(b, m.iadd(keys[(i + 1) % 3], m.i32(i))); // The inner sum depends on the key alone.
    }
  }
  return [a, b];
}

/** The top 24 bits as a multiple of 2^-24 in [0, 1). */
export function uniformFromBits<V>(m: Machine<V>, bits: V): V {
  return m.mul(m.toF32(m.shrU(bits, 8)), m.f32(2 ** -24));
}

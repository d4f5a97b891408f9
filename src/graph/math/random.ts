import type { Machine } from "../machine.js";

const ROTATIONS = [13, 15, 26, 6, 17, 29, 16, 24];

export function threefry<V>(m: Machine<V>, key0: V, key1: V, ctr0: V, ctr1: V): [V, V] {
  const keys = [key0, key1, m.xor(m.xor(key0, key1), m.i32(0x1bd11bda))];
  let a = m.iadd(ctr0, key0);
  let b = m.iadd(ctr1, key1);
  for (let round = 0; round < 20; round++) {
    const turn = ROTATIONS[round % 8];
    a = m.iadd(a, b);
    b = m.xor(m.or(m.shl(b, turn), m.shrU(b, 32 - turn)), a);
    if (round % 4 === 3) {
      const i = (round + 1) / 4;
      a = m.iadd(a, keys[i % 3]);
      b = m.iadd(m.iadd(b, keys[(i + 1) % 3]), m.i32(i));
    }
  }
  return [a, b];
}

export function uniformFromBits<V>(m: Machine<V>, bits: V): V {
  return m.mul(m.toF32(m.shrU(bits, 8)), m.f32(2 ** -24));
}

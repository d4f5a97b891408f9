// Threefry-2x32 with 20 rounds: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011).

const ROUNDS = 20;
export const ROTATIONS = [13, 15, 26, 6, 17, 29, 16, 24] as const;
export const PARITY = 0x1bd11bda;

/**
 * Two random 32-bit words that are a pure function of a key and a counter. Every key gives an independent stream;
 * within a stream, different counters give different pairs.
 *
 * The four arguments are taken modulo 2^32; both results are integers from 0 to 2^32 - 1.
 */
export function threefry2x32(key0: number, key1: number, ctr0: number, ctr1: number): [number, number] {
  const keys = [key0 | 0, key1 | 0, PARITY ^ key0 ^ key1] as const;
  let x = (ctr0 + key0) | 0;
  let y = (ctr1 + key1) | 0;
  for (let round = 0; round < ROUNDS; round++) {
    const turn = ROTATIONS[round & 7];
    x = (x + y) | 0;
    y = ((y << turn) | (y >>> (32 - turn))) ^ x;
    if ((round & 3) === 3) {
      const injection = (round + 1) >> 2;
      x = (x + keys[injection % 3]) | 0;
      y = (y + keys[(injection + 1) % 3] + injection) | 0;
    }
  }
  return [x >>> 0, y >>> 0];
}

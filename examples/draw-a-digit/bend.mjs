// Copies of digits, turned and stretched at random, so that the example's network also knows hand-drawn ones.
const SIDE = 28;
const MIDDLE = (SIDE - 1) / 2;

/** A generator of numbers in [0, 1): mulberry32. */
function generator(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let x = Math.imul(state ^ (state >>> 15), 1 | state);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Copies of pictures, each turned, stretched, slanted and moved a little, at random. Same seed, same copies. */
export function bend(pixels, seed) {
  const random = generator(seed);
  const within = (most) => (2 * random() - 1) * most;
  const out = new Uint8Array(pixels.length);
  for (let start = 0; start < pixels.length; start += SIDE * SIDE) {
    const [turn, slant, wide, high, dx, dy] = [0.25, 0.25, 0.15, 0.15, 1.5, 1.5].map(within);
    const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
    const picture = pixels.subarray(start, start + SIDE * SIDE);
    for (let i = 0; i < SIDE * SIDE; i++) {
      const [x, y] = [(i % SIDE) - MIDDLE - dx, Math.floor(i / SIDE) - MIDDLE - dy];
      const u = (cos * x - sin * y) * (1 + wide) + slant * y + MIDDLE;
      const v = (sin * x + cos * y) * (1 + high) + MIDDLE;
      out[start + i] = between(picture, u, v);
    }
  }
  return out;
}

/** The value between four pixels; there is only paper outside. */
function between(picture, u, v) {
  const [x, y] = [Math.floor(u), Math.floor(v)];
  const at = (row, column) =>
    row < 0 || row >= SIDE || column < 0 || column >= SIDE ? 0 : picture[row * SIDE + column];
  const [right, low] = [u - x, v - y];
  const above = at(y, x) * (1 - right) + at(y, x + 1) * right;
  const below = at(y + 1, x) * (1 - right) + at(y + 1, x + 1) * right;
  return above * (1 - low) + below * low;
}

/** Sets of points in the plane, of two classes. */
export type PointsName = "circle" | "xor" | "gauss" | "spiral";

export interface Points {
  /** x and y of each point, one after the other. */
  readonly inputs: Float32Array;
  /** The class of each, 0 or 1. */
  readonly targets: Uint8Array;
}

/** Where a point of a class belongs; `u` and `v` are random numbers in [0, 1). */
const shapes: Readonly<Record<PointsName, (label: number, u: number, v: number) => [x: number, y: number]>> = {
  circle: (label, u, v) => polar((label === 0 ? 0.5 : 0.75 + 0.25 * u) * (label === 0 ? Math.sqrt(u) : 1), v),
  xor: (label, u, v) => [
    (0.05 + 0.9 * u) * (v < 0.5 ? 1 : -1),
    (0.05 + 0.9 * ((2 * v) % 1)) * (v < 0.5 === (label === 0) ? 1 : -1),
  ],
  gauss: (label, u, v) => {
    const [x, y] = polar(0.25 * Math.sqrt(-2 * Math.log(1 - u)), v);
    return label === 0 ? [x + 0.4, y + 0.4] : [x - 0.4, y - 0.4];
  },
  spiral: (label, u) => polar(0.95 * u, 1.4 * u + 0.5 * label),
};

const polar = (radius: number, turns: number): [x: number, y: number] => [
  radius * Math.cos(2 * Math.PI * turns),
  radius * Math.sin(2 * Math.PI * turns),
];

/** Random numbers in [0, 1): a generator known as mulberry32. */
function generator(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let x = Math.imul(state ^ (state >>> 15), 1 | state);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Functions such as the sine differ in their last bits from machine to machine; points must not. */
const settle = (value: number): number => Math.round(value * 1024) / 1024;

/** Points of both classes in turn, each moved by up to ±noise. Same seed, same points. */
export function makePoints(name: PointsName, count: number, noise: number, seed: number): Points {
  const random = generator(seed);
  const targets = Uint8Array.from({ length: count }, (_, i) => i % 2);
  const inputs = new Float32Array(2 * count);
  targets.forEach((label, i) => {
    const [u, v, right, up] = [random(), random(), random(), random()];
    const [x, y] = shapes[name](label, u, v);
    inputs.set([settle(x + noise * (2 * right - 1)), settle(y + noise * (2 * up - 1))], 2 * i);
  });
  return { inputs, targets };
}

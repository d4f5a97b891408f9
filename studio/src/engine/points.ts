/** Sets of points in the plane: of two classes, or with a number each. */
export type PointsName = "circle" | "xor" | "gauss" | "spiral" | "slope" | "hills";

/** What a network may be given of a point. */
export type Feature = "x" | "y" | "xx" | "yy" | "xy" | "sinx" | "siny";

export interface Points {
  /** x and y of each point, one after the other. */
  readonly places: Float32Array;
  /** The class of each, 0 or 1, or its number, -1 to 1. */
  readonly targets: Uint8Array | Float32Array;
}

/** Where a point of a class belongs; `u` and `v` are random numbers in [0, 1). */
const shapes: Readonly<Record<string, (label: number, u: number, v: number) => [x: number, y: number]>> = {
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

/** The number of a place: of a slope, and of a ring of hills and hollows. */
const numbers: Readonly<Record<string, (x: number, y: number) => number>> = {
  slope: (x, y) => (x + y) / 2,
  hills: (x, y) => {
    let height = 0;
    for (let i = 0; i < 6; i++) {
      const [a, b] = polar(0.7, i / 6);
      height += (i % 2 === 0 ? 1 : -1) * Math.exp(-12 * ((x - a) ** 2 + (y - b) ** 2));
    }
    return height;
  },
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

/** Points, of both classes in turn, each moved by up to ±noise. Same seed, same points. */
export function makePoints(name: PointsName, count: number, noise: number, seed: number): Points {
  const random = generator(seed);
  const places = new Float32Array(2 * count);
  const numberAt = numbers[name];
  const targets = numberAt === undefined ? new Uint8Array(count) : new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const [u, v, right, up] = [random(), random(), random(), random()];
    const [x, y] = numberAt === undefined ? shapes[name](i % 2, u, v) : [2 * u - 1, 2 * v - 1];
    places.set([settle(x + noise * (2 * right - 1)), settle(y + noise * (2 * up - 1))], 2 * i);
    targets[i] = numberAt === undefined ? i % 2 : settle(numberAt(x, y));
  }
  return { places, targets };
}

const features: Readonly<Record<Feature, (x: number, y: number) => number>> = {
  x: (x) => x,
  y: (_, y) => y,
  xx: (x) => x * x,
  yy: (_, y) => y * y,
  xy: (x, y) => x * y,
  sinx: (x) => settle(Math.sin(5 * x)),
  siny: (_, y) => settle(Math.sin(5 * y)),
};

/** What a network is given of points: so many numbers for each. */
export function featuresOf(places: Float32Array, names: readonly Feature[]): Float32Array {
  return Float32Array.from({ length: (places.length / 2) * names.length }, (_, i) => {
    const point = 2 * Math.floor(i / names.length);
    return features[names[i % names.length]](places[point], places[point + 1]);
  });
}

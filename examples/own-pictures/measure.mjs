// How well a new head learns letters from a few pictures of each: `npm run measure`. The backbone knows digits only. Beside it, the
// same head on the pixels themselves. Letters are strokes of the pen, turned, stretched and shaken.
import { readFile } from "node:fs/promises";
import { nn } from "tidu";
import { digitBackbone } from "./src/backbone.js";
import { learn } from "./src/head.js";

const SIDE = 28;
const LETTERS = {
  A: [
    [
      [0, 1],
      [0.5, 0],
      [1, 1],
    ],
    [
      [0.2, 0.6],
      [0.8, 0.6],
    ],
  ],
  E: [
    [
      [1, 0],
      [0, 0],
      [0, 1],
      [1, 1],
    ],
    [
      [0, 0.5],
      [0.8, 0.5],
    ],
  ],
  F: [
    [
      [1, 0],
      [0, 0],
      [0, 1],
    ],
    [
      [0, 0.5],
      [0.8, 0.5],
    ],
  ],
  H: [
    [
      [0, 0],
      [0, 1],
    ],
    [
      [1, 0],
      [1, 1],
    ],
    [
      [0, 0.5],
      [1, 0.5],
    ],
  ],
  K: [
    [
      [0, 0],
      [0, 1],
    ],
    [
      [1, 0],
      [0, 0.5],
      [1, 1],
    ],
  ],
  M: [
    [
      [0, 1],
      [0, 0],
      [0.5, 0.6],
      [1, 0],
      [1, 1],
    ],
  ],
  N: [
    [
      [0, 1],
      [0, 0],
      [1, 1],
      [1, 0],
    ],
  ],
  T: [
    [
      [0, 0],
      [1, 0],
    ],
    [
      [0.5, 0],
      [0.5, 1],
    ],
  ],
  X: [
    [
      [0, 0],
      [1, 1],
    ],
    [
      [1, 0],
      [0, 1],
    ],
  ],
  Z: [
    [
      [0, 0],
      [1, 0],
      [0, 1],
      [1, 1],
    ],
  ],
};
const names = Object.keys(LETTERS);

/** Numbers from -1 to 1 that are the same each time (Lehmer's generator). */
function numbers(seed) {
  let state = seed;
  return () => ((state = (state * 48271) % 2147483647) / 2147483647) * 2 - 1;
}

function drawn(strokes, random) {
  const [turn, width, height] = [0.25 * random(), 7 + 2 * random(), 9 + 2 * random()];
  const [left, top, pen] = [14 + 2 * random(), 14 + 2 * random(), 1.2 + 0.3 * random()];
  const place = ([x, y]) => {
    const [u, v] = [(2 * x - 1 + 0.2 * random()) * width, (2 * y - 1 + 0.2 * random()) * height];
    return [left + u * Math.cos(turn) - v * Math.sin(turn), top + u * Math.sin(turn) + v * Math.cos(turn)];
  };
  const lines = strokes.flatMap((stroke) => {
    const points = stroke.map(place);
    return points.slice(1).map((to, i) => [points[i], to]);
  });
  return Float32Array.from({ length: SIDE * SIDE }, (_, i) => {
    const [x, y] = [(i % SIDE) + 0.5, Math.floor(i / SIDE) + 0.5];
    const far = Math.min(...lines.map(([from, to]) => distance(x, y, from, to)));
    return Math.min(Math.max(pen + 0.5 - far, 0), 1);
  });
}

function distance(x, y, [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay];
  const along = Math.min(Math.max(((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy), 0), 1);
  return Math.hypot(x - ax - along * dx, y - ay - along * dy);
}

const file = new URL("../draw-a-digit/src/digits.safetensors", import.meta.url);
const shape = [1, SIDE, SIDE];
const backbones = {
  "frozen layers": () => readFile(file).then((bytes) => digitBackbone(new Uint8Array(bytes))),
  pixels: async () => ({ name: "pixels", shape, net: nn.flatten() }),
};
const TESTS = 40;
for (const each of [3, 5, 10]) {
  for (const [name, make] of Object.entries(backbones)) {
    const rights = [];
    for (const seed of [1, 2, 3]) {
      const random = numbers(1000 * seed + each);
      const set = (count) =>
        names.flatMap((_, k) => Array.from({ length: count }, () => [drawn(LETTERS[names[k]], random), k]));
      const [few, tests] = [set(each), set(TESTS)];
      const classify = await learn(
        await make(),
        few.map(([x]) => x),
        few.map(([, k]) => k),
        names.length,
      );
      let right = 0;
      for (const [x, k] of tests) {
        const shares = await classify(x);
        if (shares.indexOf(Math.max(...shares)) === k) right++;
      }
      rights.push((100 * right) / tests.length);
    }
    const mean = rights.reduce((a, b) => a + b) / rights.length;
    console.log(
      `${each} pictures of each of ${names.length} letters, ${name}: ${mean.toFixed(1)} % of ${TESTS * names.length} right (${rights.map((r) => r.toFixed(1)).join(", ")})`,
    );
  }
}

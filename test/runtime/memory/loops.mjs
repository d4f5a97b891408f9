// Loops whose values nobody keeps: node test/runtime/memory/loops.mjs NAME ROUNDS. Prints what memory they came to.
// The same file runs under Node, Bun, Deno and, as `run`, in pages.

/** @typedef {import("tidu")} Tidu */

const IMAGE = 3 * 224 * 224;

/** @type {Record<string, (t: Tidu) => Promise<() => Promise<unknown>>>} */
export const LOOPS = {
  /** A tensor of 2 MiB made, computed with and read: 40 GiB go by in 20,000 rounds. */
  async eager({ tensor }) {
    const data = new Float32Array(1 << 19);
    return () => tensor(data).add(1).data();
  },
  /** A compiled function whose result is dropped. */
  async compiled({ compile, tensor }) {
    const f = compile((/** @type {import("tidu").Tensor} */ x) => x.mul(2).add(1));
    const x = await tensor(new Float32Array(512 * 512), [512, 512]).realize();
    return () => f(x);
  },
  /** The README's step of your own, each time with a fresh batch. */
  async step({ compile, loss, nn, optim, tensor }) {
    const net = nn.sequential(nn.linear(64, 32), nn.relu(), nn.linear(32, 10));
    const optimizer = optim.adam({ lr: 0.001 });
    const step = compile((/** @type {import("tidu").Tensor} */ x, /** @type {import("tidu").Tensor} */ t) => {
      const cost = loss.crossEntropy(net.forward(x), t);
      optimizer.minimize(cost, net.parameters());
      return cost;
    });
    const [x, t] = [new Float32Array(512 * 64), new Int32Array(512)];
    return () => step(tensor(x, [512, 64]), tensor(t, [512]));
  },
  /** Predictions for images. */
  async predict({ nn, tensor }) {
    const net = nn.sequential(nn.avgPool2d(32), nn.flatten(), nn.linear(147, 10));
    const image = new Float32Array(IMAGE);
    return () => net.predict(tensor(image, [1, 3, 224, 224]));
  },
};

/**
 * Runs a loop and returns the least memory in use while it was in its second quarter, and in its last one: collectors come
 * when they please.
 *
 * @param {Tidu} tidu
 * @param {string} name
 * @param {number} rounds
 * @param {() => number | Promise<number>} measure bytes of memory in use
 */
export async function run(tidu, name, rounds, measure) {
  const round = await LOOPS[name](tidu);
  const quarter = async (/** @type {boolean} */ measured) => {
    let least = Number.POSITIVE_INFINITY;
    for (let part = 0; part < 8; part++) {
      for (let i = 0; i < rounds / 32; i++) await round();
      if (measured) least = Math.min(least, await measure());
    }
    return least;
  };
  await quarter(false);
  const half = await quarter(true);
  await quarter(false);
  const end = await quarter(true);
  const { memory } = /** @type {import("tidu").WasmDevice} */ (tidu.device());
  return { name, rounds, half, end, peak: memory.peak };
}

const { process } = globalThis;
if (process?.argv[1]?.endsWith("loops.mjs")) {
  const [name, rounds] = process.argv.slice(2);
  const tidu = await import("tidu");
  const start = performance.now();
  const result = await run(tidu, name, Number(rounds), () => process.memoryUsage().rss);
  console.log(JSON.stringify({ ...result, seconds: (performance.now() - start) / 1000 }));
}

// Products of a few rows and a large matrix, such as the input gradient of a linear layer: GFLOP/s on one thread.
//
//   npm run build && node bench/few-rows.mjs [--size 1024] [--rows 16,32,64] [--rounds 200]
import { parseArgs } from "node:util";
import { compile, setDevice, tensor, WasmDevice } from "tidu";
import { NativeDevice } from "tidu/native";

const { values } = parseArgs({
  options: {
    size: { type: "string", default: "1024" },
    rows: { type: "string", default: "16,32,64" },
    rounds: { type: "string", default: "200" },
  },
});
const [size, rounds] = [Number(values.size), Number(values.rounds)];
const wave = (...shape) =>
  tensor(
    new Float32Array(shape.reduce((n, d) => n * d, 1)).map((_, i) => Math.sin(i)),
    shape,
  );

const devices = [
  ["wasm", () => new WasmDevice({ threads: 1 })],
  ["native", () => NativeDevice.create({ threads: 1 })],
];
console.log(`[rows, ${size}] × [${size}, ${size}], one thread; least and median of ${rounds} calls`);
for (const [name, make] of devices) {
  setDevice(await make());
  const matrix = await wave(size, size).realize();
  for (const rows of values.rows.split(",").map(Number)) {
    const x = await wave(rows, size).realize();
    const product = compile((x) => x.matmul(matrix));
    const times = [];
    for (let round = -20; round < rounds; round++) {
      const start = performance.now();
      await product(x);
      if (round >= 0) times.push(performance.now() - start);
    }
    times.sort((a, b) => a - b);
    const rate = (ms) => ((2 * rows * size * size) / ms / 1e6).toFixed(0);
    const [least, median] = [times[0], times[rounds >> 1]];
    console.log(
      `${name.padEnd(6)} ${String(rows).padStart(3)} rows: ${least.toFixed(3)} ms, ${rate(least)} GFLOP/s; ` +
        `median ${median.toFixed(3)} ms, ${rate(median)} GFLOP/s`,
    );
  }
}
process.exit(0);

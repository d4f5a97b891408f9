// What weights of two bytes gain: bytes, and processor time of a prediction beside weights in float32, measured in turns.
//
//   npm run build && node bench/halves.mjs [--size 2048] [--rounds 15]
import { parseArgs } from "node:util";
import { compile, nn, setDevice, tensor, WasmDevice } from "tidu";
import { NativeDevice } from "tidu/native";

const { values } = parseArgs({
  options: { size: { type: "string", default: "2048" }, rounds: { type: "string", default: "15" } },
});
const [size, rounds] = [Number(values.size), Number(values.rounds)];
const TYPES = ["f32", "f16", "bf16"];
const median = (list) => list.toSorted((p, q) => p - q)[list.length >> 1];

/** Processor milliseconds of a call. */
async function cost(body) {
  const before = process.cpuUsage();
  await body();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

const devices = [
  ["wasm", () => new WasmDevice({ threads: 1 })],
  ["native", () => NativeDevice.create({ threads: 1 })],
];
console.log(`linear(${size}, ${size}), one thread; processor time as a share of that with f32, median of ${rounds}`);
for (const [name, make] of devices) {
  setDevice(await make());
  for (const samples of [1, 8, 64]) {
    const x = await tensor(
      new Float32Array(samples * size).map((_, i) => Math.sin(i)),
      [samples, size],
    ).realize();
    const made = TYPES.map((type) => {
      const net = nn.linear(size, size).to(type);
      const step = compile((x) => net.during(false, () => net.forward(x)));
      return { type, step, needs: step.prepare(x), times: [] };
    });
    const repeats = Math.max(1, Math.round(64 / samples));
    for (let round = -2; round < rounds; round++) {
      for (const { step, times } of made) {
        const time = await cost(async () => {
          for (let i = 0; i < repeats; i++) await (await step(x)).data();
        });
        if (round >= 0) times.push(time / repeats);
      }
    }
    const [full] = made;
    for (const { type, needs, times } of made) {
      const ratio = median(times.map((t, i) => t / full.times[i]));
      const bytes = needs.storageBytes + needs.arenaBytes;
      console.log(
        `${name} ${String(samples).padStart(2)} samples ${type.padEnd(4)} ${(bytes / 2 ** 20).toFixed(1)} MiB` +
          ` ${median(times).toFixed(2)} ms ${ratio.toFixed(2)}`,
      );
    }
  }
}
process.exit(0);

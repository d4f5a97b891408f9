// Two workers that train beside a third that compiles and runs another WebAssembly module, as often as is asked for:
// node test/runtime/beside.mjs 200. Each time in a process of its own; prints how many came to a bad end.
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { isMainThread, Worker, workerData } from "node:worker_threads";

const file = fileURLToPath(import.meta.url);

/** A module whose function 1 calls function 0 many times: `for (i = n; i; i--) sum = add(sum, i)`. */
const CALLS = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 12, 2, 96, 2, 127, 127, 1, 127, 96, 1, 127, 1, 127, 3, 3, 2, 0, 1],
  ...[7, 7, 1, 3, 114, 117, 110, 0, 1, 10, 36, 2, 7, 0, 32, 0, 32, 1, 106, 11, 26, 1, 1, 127, 3, 64],
  ...[32, 1, 32, 0, 16, 0, 33, 1, 32, 0, 65, 1, 107, 34, 0, 13, 0, 11, 32, 1, 11],
);

async function train() {
  const { loss, nn, optim, Trainer } = await import("tidu");
  const { dataset } = await import("tidu/data");
  const net = nn.sequential(nn.linear(2, 16), nn.tanh(), nn.linear(16, 2));
  const trainer = new Trainer(net, { loss: loss.crossEntropy, optimizer: optim.adam({ lr: 0.1 }) });
  const data = dataset(Float32Array.of(0, 0, 0, 1, 1, 0, 1, 1), [2], Uint8Array.of(0, 1, 1, 0));
  for await (const { accuracy } of trainer.fit(data, { epochs: 60 })) if (accuracy === undefined) process.exit(3);
}

function other() {
  for (let i = 0; i < 300; i++) {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(CALLS));
    const run = /** @type {(n: number) => number} */ (exports.run);
    if (run(2000) !== 2001000) process.exit(4);
  }
}

if (!isMainThread) await (workerData === "train" ? train() : other());
else if (process.argv[2] === undefined) {
  const workers = ["train", "train", "other"].map((workerData) => new Worker(file, { workerData }));
  const codes = await Promise.all(workers.map(async (worker) => (await once(worker, "exit"))[0]));
  process.exitCode = codes.every((code) => code === 0) ? 0 : 1;
} else {
  let bad = 0;
  for (let i = 0; i < Number(process.argv[2]); i++) {
    const { status, signal, stderr } = spawnSync(process.execPath, [file], { encoding: "utf8", timeout: 60_000 });
    if (status !== 0) console.log(`run ${i}: ${signal ?? status} ${stderr.slice(0, 300)}`);
    if (status !== 0) bad++;
  }
  console.log(`${process.version}: ${process.argv[2]} runs, ${bad} bad ends`);
  process.exitCode = bad === 0 ? 0 : 1;
}

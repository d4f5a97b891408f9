import { createHash } from "node:crypto";
import { optim, regularize, serialize } from "tidu";
import { describe, expect, it } from "vitest";
import type { WasmOptions } from "../../packages/tidu/src/runtime/wasm/device.js";
import { all, lenet, onDevice, pictures, trainerOf } from "./support.js";

/** A trained LeNet, dropout and partial last batch included, as the bytes of its file. */
const trained = (options: WasmOptions, seed: number): Promise<string> =>
  onDevice(options, async () => {
    const net = lenet();
    const optimizer = optim.sgd({ lr: 0.02, momentum: 0.9 });
    const trainer = trainerOf(net, { optimizer, regularize: regularize.l2(1e-4), seed });
    await all(trainer.fit(pictures(150), { epochs: 2, batchSize: 64 }));
    return Buffer.from(await serialize(net)).toString("base64");
  });

describe.each([false, true])("trained weights (portable: %s)", (portable) => {
  it("are the same bit for bit on one and two threads and in every run, and differ with the seed", async () => {
    const one = await trained({ threads: 1, portable }, 1);
    expect(one.length).toBeGreaterThan(61_706 * 4);
    expect((await trained({ threads: 2, portable }, 1)) === one).toBe(true);
    expect((await trained({ threads: 2, portable }, 1)) === one).toBe(true);
    expect((await trained({ threads: 1, portable }, 2)) === one).toBe(false);
  });
});

/** Recorded on x86-64 with Node 20; Node 22, Node 24, and Node 20 for arm64 (in qemu) come to the same. */
const EVERYWHERE = "92eb8d5cbc015971b5d17f6578ddad5ce88c9a64d406304fe0f0426242ceb95b";

it("portable weights have the recorded bits, on every machine and version of Node", async () => {
  const weights = await trained({ threads: 2, portable: true }, 1);
  expect(createHash("sha256").update(weights).digest("hex")).toBe(EVERYWHERE);
});

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Worker } from "node:worker_threads";
import { compile, loss, nn, optim, setDevice, Trainer, tensor, Variable, WasmDevice } from "tidu";
import { dataset } from "tidu/data";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

beforeAll(() => setDevice(new WasmDevice({ threads: 1 })));
afterAll(() => setDevice(undefined));

const SECOND = 1000;

/** Loops of awaited calls that never wait for anything else, by what they call. */
const loops: Record<string, () => () => Promise<unknown>> = {
  "compiled steps": () => {
    const v = new Variable(tensor([1, 2, 3]));
    const step = compile(() => v.assign(v.mul(0.5).add(1)));
    return () => step();
  },
  "values read": () => {
    const v = new Variable(tensor([1, 2, 3]));
    return () => v.data();
  },
  "values computed": () => () => tensor([1, 2, 3]).mul(2).data(),
  predictions: () => {
    const net = nn.linear(3, 2);
    const x = tensor([1, 2, 3], [1, 3]);
    return () => net.predict(x);
  },
};

/** A training whose epochs take far less than a turn of the event loop would. */
function fitting(signal?: AbortSignal) {
  const net = nn.sequential(nn.linear(2, 4), nn.tanh(), nn.linear(4, 2));
  const trainer = new Trainer(net, { loss: loss.crossEntropy, optimizer: optim.sgd({ lr: 0.1 }) });
  const data = dataset(Float32Array.of(0, 0, 0, 1, 1, 0, 1, 1), [2], Uint8Array.of(0, 1, 1, 0));
  return trainer.fit(data, { epochs: 1e6, signal });
}

describe("the event loop has its turns", () => {
  test.each(Object.entries(loops))("in a loop of %s", async (_, make) => {
    const call = make();
    let ended = false;
    setTimeout(() => {
      ended = true;
    }, 100);
    const start = performance.now();
    while (!ended && performance.now() - start < 10 * SECOND) await call();
    expect(ended).toBe(true);
  });

  test("in a training of tiny epochs, which a timer can stop", async () => {
    const controller = new AbortController();
    const start = performance.now();
    let epochs = 0;
    // The first epoch compiles, which may take longer than the timer.
    for await (const _ of fitting(controller.signal)) if (++epochs === 1) setTimeout(() => controller.abort(), 200);
    expect(epochs).toBeGreaterThan(1);
    expect(performance.now() - start).toBeLessThan(10 * SECOND);
  });

  test("so that a server answers meanwhile", async () => {
    const server = createServer((_, response) => response.end("here"));
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const controller = new AbortController();
    const training = (async () => {
      for await (const _ of fitting(controller.signal));
    })();
    const ask = async () => {
      for (let i = 0; i < 5; i++) expect(await (await fetch(address)).text()).toBe("here");
    };
    const start = performance.now();
    await Promise.all(Array.from({ length: 10 }, ask));
    const took = performance.now() - start;
    controller.abort();
    await training;
    await new Promise((done) => server.close(done));
    expect(took).toBeLessThan(15 * SECOND);
  });

  test("so that a worker hears what it is told", async () => {
    const code = `
      const { parentPort } = require("node:worker_threads");
      import("tidu").then(async ({ compile, tensor, Variable }) => {
        const v = new Variable(tensor([1, 2, 3]));
        const step = compile(() => v.assign(v.mul(0.5).add(1)));
        let stopped = false;
        parentPort.once("message", () => (stopped = true));
        parentPort.postMessage("running");
        while (!stopped) await step();
        parentPort.postMessage("stopped");
      });`;
    const worker = new Worker(code, { eval: true, execArgv: [] });
    const next = () => new Promise((done) => worker.once("message", done));
    expect(await next()).toBe("running");
    worker.postMessage("stop");
    expect(await next()).toBe("stopped");
    await worker.terminate();
  });
});

test("an epoch costs the same however many there were before", async () => {
  const counts: number[] = [];
  const controller = new AbortController();
  let epochs = 0;
  for await (const report of fitting(controller.signal)) {
    // What a report holds does not grow, nor does anybody walk through those before it.
    epochs++;
    if (epochs % 500 === 0) counts.push(JSON.stringify(report).length);
    if (epochs === 2000) controller.abort();
  }
  expect(counts.length).toBe(4);
  expect(Math.max(...counts) - Math.min(...counts)).toBeLessThan(40);
});

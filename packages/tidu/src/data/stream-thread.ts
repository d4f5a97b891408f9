// A stream's source in a thread of its own.
import { anything, check, checkOptions, either, having, text, whole } from "../base/check.js";
import { DataError } from "../base/errors.js";
import { needNodeModules } from "../base/node.js";
import type { StreamSample, StreamSource } from "./stream-samples.js";

/** Options of `workerSource`. */
export interface WorkerSourceOptions {
  /** Samples that may be read before they are needed, 2 or more. Default 64. */
  readonly ahead?: number;
  /** Handed to the module's function as its second argument, as a copy. */
  readonly data?: unknown;
}

/** A `URL`, under another name so that the declarations need no library of types. */
interface Address {
  readonly href: string;
}

/** What the thread sends: some samples, and whether they are the last. */
interface Delivery {
  readonly samples: readonly StreamSample[];
  readonly last: boolean;
}

/** As a constant, so that bundlers for browsers do not include the file. */
const WORKER = "./stream-worker.js";

/**
 * A source that runs a module in a separate thread, so that samples are read and decoded while training goes on. The
 * module's default export is the source: `export default async function* (epoch, data) { … yield { input, target }; }`.
 * Each epoch starts a new thread, which ends with the epoch. Node only.
 *
 * @param module the module's address: `new URL("./read.js", import.meta.url)`.
 * @throws ArgumentError if `ahead` is out of range. When used, DataError with what the module throws; DeviceError where
 *   there is no Node.
 *
 * @example
 * ```ts
 * import { mkdtemp, realpath, writeFile } from "node:fs/promises";
 * import { pathToFileURL } from "node:url";
 * import { workerSource } from "tidu/data";
 *
 * const file = `${await realpath(await mkdtemp("read-"))}/read.mjs`;
 * await writeFile(file, `export default function* (epoch, { count }) {
 *   for (let i = 0; i < count; i++) yield { input: Float32Array.of(i), target: i % 2 };
 * }`);
 * const source = workerSource(pathToFileURL(file), { data: { count: 3 } });
 * const targets = [];
 * for await (const { target } of source(0)) targets.push(target);
 * console.log(targets); // [0, 1, 0]
 * ```
 */
export function workerSource(module: Address | string, options: WorkerSourceOptions = {}): StreamSource {
  check("workerSource", "module", module, either(text, having("a URL", "href")));
  checkOptions("workerSource", options, { ahead: whole(2), data: anything });
  const { ahead = 64, data } = options;
  return (epoch) => {
    check("workerSource", "epoch", epoch, whole(0));
    return samplesOf({
      module: typeof module === "string" ? module : module.href,
      epoch,
      data,
      size: Math.floor(ahead / 2),
    });
  };
}

interface Order {
  readonly module: string;
  readonly epoch: number;
  readonly data: unknown;
  /** Samples in a delivery; one more delivery may be on its way. */
  readonly size: number;
}

async function* samplesOf(order: Order): AsyncGenerator<StreamSample> {
  const modules = needNodeModules("workerSource", "give streamDataset a source of your own");
  const { Worker } = modules("node:worker_threads");
  const { on } = modules("node:events");
  const worker = new Worker(new URL(WORKER, import.meta.url), { workerData: order });
  try {
    for await (const [{ samples, last }] of on(worker, "message", { close: ["exit"] }) as AsyncIterable<[Delivery]>) {
      yield* samples;
      if (last) return;
      worker.postMessage("more");
    }
  } catch (cause) {
    throw new DataError(`${order.module}: ${(cause as Error).message}`, { cause });
  } finally {
    await worker.terminate();
  }
  throw new DataError(`${order.module}: its thread ended before its last sample; do not end the process in the module`);
}

// One seed of an experiment, run in the page, as the page knows it.

import { type ReadonlySignal, signal } from "@preact/signals";
import type { Result } from "@tidu/cli/experiment";
import type { Answered, Asked } from "./trial-worker.js";

/** What one seed came to here. */
export interface Own {
  readonly seed: number;
  /** By the ids of measures and comparisons. */
  readonly values: ReadonlyMap<string, number>;
  readonly threads: number;
  readonly seconds: number;
}

export type State =
  | { readonly type: "idle" }
  | { readonly type: "running"; readonly seed: number; readonly seconds: number }
  | { readonly type: "done"; readonly own: Own }
  | Extract<Answered, { type: "failed" }>;

/** Runs an experiment in a worker of its own, which ends with the trial or when it is stopped. */
export class Trials {
  readonly #state = signal<State>({ type: "idle" });
  #worker: Worker | undefined;
  #clock: ReturnType<typeof setInterval> | undefined;

  get state(): ReadonlySignal<State> {
    return this.#state;
  }

  run(result: Result, seed: number): void {
    this.#end();
    const start = performance.now();
    const seconds = () => (performance.now() - start) / 1000;
    const worker = new Worker(new URL("./trial-worker.ts", import.meta.url), { type: "module" });
    this.#worker = worker;
    this.#state.value = { type: "running", seed, seconds: 0 };
    this.#clock = setInterval(() => {
      this.#state.value = { type: "running", seed, seconds: Math.floor(seconds()) };
    }, 1000);
    const finish = (state: State) => {
      this.#end();
      this.#state.value = state;
    };
    worker.addEventListener("error", ({ message }) => finish({ type: "failed", code: "engine", message }));
    worker.addEventListener("message", ({ data }: MessageEvent<Answered>) => {
      if (data.type === "failed") return finish(data);
      const values = valuesOf(result, data.trial.measures);
      finish({ type: "done", own: { seed, values, threads: data.threads, seconds: seconds() } });
    });
    worker.postMessage({ name: result.name, seed } satisfies Asked);
  }

  /** Ends a trial that still runs. */
  stop(): void {
    this.#end();
    if (this.#state.peek().type === "running") this.#state.value = { type: "idle" };
  }

  #end(): void {
    this.#worker?.terminate();
    clearInterval(this.#clock);
    this.#worker = undefined;
  }
}

/** Results have six significant digits. */
const rounded = (x: number): number => Number(x.toPrecision(6));

/** What one seed came to, measure by measure and difference by difference, as results have it. */
const valuesOf = ({ measures, comparisons }: Result, own: Readonly<Record<string, number>>): Map<string, number> =>
  new Map([
    ...measures.map(({ id }) => [id, rounded(own[id])] as const),
    ...comparisons.map(({ id, a, b }) => [id, rounded(own[a] - own[b])] as const),
  ]);

/** How many of the numbers that are stored for the seed came out the same, of how many; undefined for a fresh seed. */
export function sameAsStored(
  { measures, seeds }: Result,
  { seed, values }: Own,
): readonly [number, number] | undefined {
  const at = seeds.indexOf(seed);
  if (at < 0) return undefined;
  return [measures.filter((m) => m.values[at] === values.get(m.id)).length, measures.length];
}

// How the tests run: which files, in which order, with which time limits.
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { NODE_ALIASES } from "./scripts/sources.mjs";

const filesOf = (names: readonly string[]): string[] => names.map((name) => `test/${name}.test.ts`);

/**
 * What has a process for each file: it counts memory, threads or handles, changes its process (V8's optimizers, say), has garbage
 * collected again and again, which takes the longer the more a process holds, or drives browsers and compilers.
 */
const APART = filesOf([
  ...["browser/**/*", "collective/mpi/**/*", "fuzz/api", "native/**/*", "packages/**/*", "webgpu/**/*"],
  "compile/growth",
  "runtime/{device,engine,event-loop,heap,machine,memory,pool,processes}",
  ...["studio/{command,firefox,runs,runs-faults,server}", "studio/notes/pages", "studio/playground/*"],
  "tensor/{loop,model}",
  "train/{full-disk,kill,memory,stream,wasm-file}",
]);

/** What takes longest begins first, so that nothing is waited for at the end. */
const LONGEST = [
  ...["collective/mpi/mpi", "packages/packed", "webgpu/suites", "native/suites", "native/c-file", "studio/notes/pages"],
  ...["native/failures", "studio/playground/build", "train/kill", "studio/playground/training"],
  ...["cli/train", "readme/readme", "cli/device", "cli/fine-tune", "runtime/sums"],
  ...["cli/pretrained", "runtime/contractions", "cli/predict"],
  ...["tensor/loop", "runtime/random-programs", "runtime/outliers"],
  ...["ops/math", "graph/math", "tensor/model"],
].map((name) => `/test/${name}.test.ts`);

const placeOf = ({ moduleId }: TestSpecification): number => {
  const place = LONGEST.findIndex((name) => moduleId.endsWith(name));
  return place < 0 ? LONGEST.length : place;
};
/** Those that share processes come last, one after the other. */
const turnOf = ({ project }: TestSpecification): number => (project.name === "together" ? 1 : 0);

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.sort((a, b) => turnOf(a) - turnOf(b) || placeOf(a) - placeOf(b));
  }
}

export default defineConfig({
  // Tests import the packages by their public names and get the sources, so that a failure points into them.
  resolve: { alias: NODE_ALIASES },
  test: {
    projects: [
      // A process takes one file after the other, and loads the library once.
      {
        extends: true,
        test: {
          name: "together",
          include: filesOf(["**/*"]),
          exclude: APART,
          isolate: false,
          setupFiles: "test/setup.ts",
        },
      },
      { extends: true, test: { name: "apart", include: APART } },
    ],
    // Threads and memory are Node's.
    setupFiles: ["packages/tidu/src/runtime/node/host.ts"],
    // Child processes, not threads: tests start worker threads of their own and block on shared memory.
    pool: "forks",
    // Five at a time on two cores: much of what they do waits for processes and pages of their own.
    maxWorkers: 5,
    sequence: { sequencer: LongestFirst },
    // Commands that tests run compute on WebAssembly, unless it is native code that is tested.
    env: { TIDU_DEVICE: "wasm" },
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // What is waited for takes as long as a busy machine needs.
    expect: { poll: { timeout: 30_000 } },
  },
});

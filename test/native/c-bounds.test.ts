// C files stay inside the arrays that they are given, whatever a vector's length, and link with nothing but the C library.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type CFile, predictC, trainingC } from "tidu/native";
import { describe, expect, test } from "vitest";
import {
  compile,
  loss,
  manualSeed,
  nn,
  optim,
  type Tensor,
  tensor,
  trainStep,
  Variable,
  zeros,
} from "../../packages/tidu/src/index.js";
import { type Build, bytes, checkProgram, noise, workplace } from "./c-programs.js";
import { COMPILERS, PROCESSORS } from "./support.js";

const folder = workplace();

/** Watches every access to memory, and what C leaves undefined. */
const WATCHED = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"];

/** Whether a compiler has what `WATCHED` needs. */
function watches(compiler: string): boolean {
  const [c, program] = [join(folder, "probe.c"), join(folder, "probe")];
  writeFileSync(c, "int main(void) { return 0; }\n");
  return spawnSync(compiler, [...WATCHED, c, "-o", program]).status === 0 && spawnSync(program).status === 0;
}
const WATCHER = COMPILERS.find(watches);
if (WATCHER === undefined) console.warn("Accesses of C files are not watched: install gcc with its sanitizers");

/** Keeps what it last gave, so that its output is read again. */
class Remembering extends nn.Module {
  readonly last = new Variable(zeros([3, 7]));
  readonly layer = nn.linear(7, 7);
  forward(x: Tensor): Tensor {
    const y = this.layer.forward(x).add(this.last);
    this.last.assign(y.sub(y.mean([1], true)));
    return y;
  }
}

/** Numbers as they are below, and roots of them. */
class Floors extends nn.Module {
  readonly scale = new Variable(zeros([5]).add(3.5));
  forward(x: Tensor): Tensor {
    return x.mul(this.scale).floor().add(x.abs().sqrt());
  }
}

type Shape = readonly number[];
interface Net {
  readonly shape: Shape;
  readonly batches: readonly number[];
  readonly make: () => nn.Module;
  /** Whether it is trained, too. */
  readonly trains?: true;
}

const conv = (...layers: nn.Module[]) => nn.sequential(...layers, nn.flatten());
const NETS: Record<string, Net> = {
  norm: { shape: [7], batches: [1], make: () => nn.layerNorm(7) },
  linear: { shape: [5], batches: [1, 3, 7], make: () => nn.linear(5, 3), trains: true },
  softmax: { shape: [4], batches: [1], make: () => nn.sequential(nn.linear(4, 3), nn.softmax()) },
  layers: {
    shape: [13],
    batches: [3, 7],
    make: () => nn.sequential(nn.linear(13, 7), nn.batchNorm1d(7), nn.relu(), nn.linear(7, 3)),
    trains: true,
  },
  conv: {
    shape: [1, 11, 13],
    batches: [1, 3, 7],
    make: () => nn.sequential(conv(nn.conv2d(1, 5, 3), nn.relu()), nn.linear(495, 3)),
    trains: true,
  },
  lstm: {
    shape: [3, 24],
    batches: [7],
    make: () => nn.sequential(nn.lstm(24, 33), nn.flatten(), nn.linear(99, 3)),
    trains: true,
  },
  depthwise: {
    shape: [3, 11, 11],
    batches: [7],
    make: () => nn.sequential(conv(nn.conv2d(3, 3, 3, { stride: 3, groups: 3 }), nn.tanh()), nn.linear(27, 3)),
    trains: true,
  },
  lenet: {
    shape: [1, 15, 15],
    batches: [3],
    make: () =>
      nn.sequential(
        conv(nn.conv2d(1, 6, 5, { padding: 2 }), nn.relu(), nn.maxPool2d(2), nn.conv2d(6, 9, 3), nn.maxPool2d(2)),
        ...[nn.linear(36, 17), nn.relu(), nn.linear(17, 3)],
      ),
    trains: true,
  },
  remembering: { shape: [7], batches: [3], make: () => new Remembering() },
  floors: { shape: [5], batches: [3], make: () => new Floors() },
};

/** A C file, a piece of a `main` that calls it, what that reads, and the numbers that it is to write. */
interface Case {
  readonly file: CFile;
  readonly piece: string;
  readonly input: Uint8Array;
  readonly want: Float32Array;
}

const made = ({ make }: Net): nn.Module => {
  manualSeed(3);
  return make();
};

/** What Tidu computes itself: the same for vectors of every length. */
const wanted = new Map<string, Promise<Float32Array>>();
function once(name: string, compute: () => Promise<number[]>): Promise<Float32Array> {
  let want = wanted.get(name);
  if (want === undefined) wanted.set(name, (want = compute().then((numbers) => Float32Array.from(numbers))));
  return want;
}

const CALLS = 2;

/** Calls for the same input: a network may change itself. */
async function predictCase(name: string, net: Net, batchSize: number, lanes: 4 | 8 | 16, fused = false): Promise<Case> {
  const shape = [batchSize, ...net.shape];
  const x = noise(
    shape.reduce((n, d) => n * d, 1),
    batchSize,
  );
  const weights = lanes === 8 ? "beside" : "inside";
  const file = await predictC(made(net), net.shape, { name, batchSize, lanes, fused, weights });
  const want = await once(name, async () => {
    const own = made(net);
    const forward = compile((x) => own.during(false, () => own.forward(x)));
    const results: number[] = [];
    for (let i = 0; i < CALLS; i++) results.push(...(await (await forward(tensor(x, shape))).data()));
    return results;
  });
  const size = want.length / CALLS;
  const beside = file.weights?.length;
  const piece = `{
    float *x = unaligned(4 * ${x.length}), *y = unaligned(4 * ${size});
    void *work = malloc(${name.toUpperCase()}_WORK_BYTES);
    ${beside === undefined ? "" : `char *weights = malloc(${beside}); get(weights, ${beside});`}
    get(x, 4 * ${x.length});
    for (int i = 0; i < ${CALLS}; i++) {
      ${name}(x, y, ${beside === undefined ? "" : "weights, "}work);
      fwrite(y, 4, ${size}, stdout);
    }
  }`;
  const input = Buffer.concat([file.weights ?? Buffer.of(), bytes(x)]);
  return { file, piece, input, want };
}

const STEPS = 3;

/** Losses of a few steps on one batch. */
async function trainingCase(name: string, net: Net, batchSize: number, lanes: 4 | 8 | 16): Promise<Case> {
  const shape = [batchSize, ...net.shape];
  const x = noise(
    shape.reduce((n, d) => n * d, 1),
    batchSize,
  );
  const t = Int32Array.from({ length: batchSize }, (_, i) => i % 3);
  const options = () => ({ loss: loss.crossEntropy, optimizer: optim.adam({ lr: 0.01 }) });
  const file = await trainingC(made(net), net.shape, { ...options(), name, batchSize, lanes, target: "class" });
  const want = await once(`${name} trained`, async () => {
    const own = { net: made(net), ...options() };
    const step = compile((x, t) => trainStep(own, x, t).loss);
    const losses: number[] = [];
    for (let i = 0; i < STEPS; i++) losses.push(await (await step(tensor(x, shape), tensor(t))).item());
    return losses;
  });
  const piece = `{
    float *x = unaligned(4 * ${x.length});
    int32_t *t = unaligned(4 * ${batchSize});
    void *state = malloc(${name.toUpperCase()}_STATE_BYTES), *work = malloc(${name.toUpperCase()}_WORK_BYTES);
    get(x, 4 * ${x.length});
    get(t, 4 * ${batchSize});
    ${name}_init(state);
    for (int i = 0; i < ${STEPS}; i++) {
      const float loss = ${name}_step(state, x, t, work);
      fwrite(&loss, 4, 1, stdout);
    }
  }`;
  return { file, piece, input: Buffer.concat([bytes(x), bytes(t)]), want };
}

/** Arrays end where their memory ends, and begin at no more than a number's boundary. */
const HEAD = `#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
static void *unaligned(size_t bytes) { return (char *)malloc(bytes + 4) + 4; }
static void get(void *to, size_t bytes) { if (fread(to, 1, bytes, stdin) != bytes) exit(1); }
`;

/** Compiles the cases' files as one program, and runs it; its numbers must be the same bits. */
function check({ flags, ...build }: Build, cases: readonly Case[]): void {
  const declared = cases.flatMap(({ file: { source } }) => [
    ...(source.match(/^#define \w+_(WORK|STATE)_BYTES .*$/gm) ?? []),
    ...[...source.matchAll(/^ \* {5}((void|float) \w+\(.*\);)$/gm)].map(([, prototype]) => prototype),
  ]);
  const main = `${HEAD}${declared.join("\n")}\nint main(void) {\n${cases.map(({ piece }) => piece).join("\n")}\n}\n`;
  const texts = [main, ...cases.map(({ file }) => file.source)];
  const want = Float32Array.from(cases.flatMap((c) => [...c.want]));
  // Vectors wider than the processor's are passed in memory.
  checkProgram(
    folder,
    { ...build, flags: [...flags, "-Wno-psabi"] },
    texts,
    Buffer.concat(cases.map((c) => c.input)),
    want,
  );
}

describe.skipIf(WATCHER === undefined)("every access of a C file lies inside the arrays that it names", () => {
  const build = { compiler: WATCHER as string, flags: [...WATCHED, "-O0"] };

  test.each([4, 8, 16] as const)(
    "in use, with vectors of %i",
    async (lanes) => {
      const cases: Case[] = [];
      for (const [name, net] of Object.entries(NETS))
        for (const batch of net.batches) cases.push(await predictCase(`${name}${batch}`, net, batch, lanes));
      check(build, cases);
    },
    120_000,
  );

  test.each([4, 16] as const)(
    "in training, with vectors of %i",
    async (lanes) => {
      const cases: Case[] = [];
      for (const [name, net] of Object.entries(NETS).filter(([, { trains }]) => trains))
        for (const batch of net.batches) cases.push(await trainingCase(`${name}${batch}`, net, batch, lanes));
      check(build, cases);
    },
    120_000,
  );
});

const BUILDS: readonly Build[] = [
  ...COMPILERS.flatMap((compiler) => ["-O0", "-O2"].map((level) => ({ compiler, flags: [level] }))),
  ...PROCESSORS.filter(({ name }) => name === "ARM").map(({ build }) => build),
];

describe.each(BUILDS)("C that $compiler compiles with $flags", (build) => {
  test("is linked without the library of mathematical functions", async () => {
    const { norm, floors, linear, layers } = NETS;
    check(build, [
      ...[await predictCase("norm", norm, 1, 4), await predictCase("norm_long", norm, 3, 16)],
      ...[await predictCase("floors", floors, 3, 4), await predictCase("floors_long", floors, 3, 16)],
      ...[await predictCase("layers", layers, 3, 4), await trainingCase("linear", linear, 3, 4)],
    ]);
  }, 60_000);
});

test("memory for a call is no more than it needs", async () => {
  const { source } = await predictC(nn.sequential(nn.linear(4, 3), nn.softmax()), [4]);
  expect(Number(/WORK_BYTES (\d+)/.exec(source)?.[1])).toBeLessThan(1024);
});

test.each(["long", "main", "2nd", "a-b"])("a function is not named %s", async (name) => {
  await expect(predictC(nn.relu(), [4], { name })).rejects.toThrow(
    `predictC: name is "${name}"; it must be a name that C allows, such as my_net`,
  );
});

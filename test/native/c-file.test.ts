import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type CFile, predictC, trainingC } from "tidu/native";
import { describe, expect, test } from "vitest";
import {
  compile,
  Generator,
  loss,
  manualSeed,
  nn,
  optim,
  regularize,
  type Tensor,
  tensor,
  trainStep,
  Variable,
  zeros,
} from "../../packages/tidu/src/index.js";
import { type Build, bytes, checkProgram, noise, workplace } from "./c-programs.js";
import { COMPILERS, PROCESSORS } from "./support.js";

const folder = workplace();

/** With and without what a careful person says, for any processor and for this one. */
const FLAGS = [["-std=c11", "-O2"], ["-O3", "-march=native"], ["-O0"]];
/** The long suite tries everything with everything; the usual one goes on to the next choice from test to test. */
const choose = <T>(all: readonly T[], turn: number): readonly T[] =>
  process.env.C_BUILDS === "all" || all.length === 0 ? all : [all[turn % all.length]];

/** A file with a `main` that reads its input and writes numbers, and those that Tidu computes itself. */
interface Case {
  readonly file: CFile;
  readonly main: string;
  readonly input: Uint8Array;
  readonly want: Float32Array;
}

/** Compiles and runs a case; its numbers must be the same bits. */
function check(build: Build, { file: { source, weights }, main, input, want }: Case): void {
  const beside = join(folder, "net.weights");
  if (weights !== undefined) writeFileSync(beside, weights);
  checkProgram(folder, build, [`${source}\n${main.replace("WEIGHTS", JSON.stringify(beside))}\n`], input, want);
}

const NETS: Record<string, readonly [readonly number[], () => nn.Module]> = {
  perceptron: [[7], () => nn.sequential(nn.linear(7, 33), nn.gelu(), nn.linear(33, 5))],
  lenet: [
    [1, 28, 28],
    () =>
      nn.sequential(
        ...[
          nn.conv2d(1, 6, 5, { padding: 2 }),
          nn.relu(),
          nn.maxPool2d(2),
          nn.conv2d(6, 16, 5),
          nn.relu(),
          nn.maxPool2d(2),
        ],
        ...[nn.flatten(), nn.linear(400, 120), nn.relu(), nn.dropout(0.5), nn.linear(120, 10)],
      ),
  ],
  normed: [
    [3, 12, 12],
    () =>
      nn.sequential(
        nn.conv2d(3, 8, 3, { padding: 1 }),
        nn.batchNorm2d(8),
        nn.tanh(),
        nn.maxPool2d(2),
        nn.flatten(),
        nn.linear(288, 4),
        nn.sigmoid(),
      ),
  ],
  recurrent: [[9, 5], () => nn.sequential(nn.gru(5, 8, { bidirectional: true }), nn.flatten(), nn.linear(144, 4))],
};

const READ = "#include <stdio.h>\n#include <stdlib.h>\n";

type Weights = "inside" | "beside";

async function predictCase(name: string, batchSize: number, weights: Weights, lanes: 4 | 8 | 16): Promise<Case> {
  const [shape, make] = NETS[name];
  manualSeed(3);
  const net = make();
  const x = tensor(noise(batchSize * shape.reduce((n, d) => n * d, 1), batchSize), [batchSize, ...shape]);
  const forward = compile((x) => net.during(false, () => net.forward(x)));
  const want = (await (await forward(x)).data()) as Float32Array;
  const file = await predictC(net, shape, { batchSize, weights, lanes });
  const main = `${READ}
  int main(void) {
    static float input[${x.size}], output[${want.length}];
    void *work = malloc(PREDICT_WORK_BYTES);
    if (fread(input, 4, ${x.size}, stdin) != ${x.size}) return 1;
    ${
      weights === "inside"
        ? "predict(input, output, work);"
        : `
    static char weights[${file.weights?.length}];
    FILE *f = fopen(WEIGHTS, "rb");
    if (f == 0 || fread(weights, 1, sizeof weights, f) != sizeof weights) return 2;
    predict(input, output, weights, work);`
    }
    return fwrite(output, 4, ${want.length}, stdout) != ${want.length};
  }`;
  return { file, main, input: bytes((await x.data()) as Float32Array), want };
}

const STEPS = 100;
/** What an emulated processor is asked for; 100 of them take it a quarter of a minute. */
const FEW = 25;
const BATCH = 8;

/** Losses of the steps, then the weights. */
async function trainingCase(name: string, steps = STEPS): Promise<Case> {
  const [shape, make] = NETS[name];
  const size = BATCH * shape.reduce((n, d) => n * d, 1);
  manualSeed(5);
  const net = make();
  const options = {
    loss: loss.crossEntropy,
    optimizer: OPTIMIZERS[name](),
    regularize: regularize.l2(1e-4),
    generator: new Generator(7),
  };
  const file = await trainingC(net, shape, { ...options, batchSize: BATCH, target: "class" });
  const step = compile((x, t) => trainStep({ net, ...options }, x, t).loss);
  const batches = Array.from({ length: steps }, (_, i) => ({
    x: noise(size, i),
    t: Int32Array.from({ length: BATCH }, (_, k) => (i + k) % 4),
  }));
  const losses: number[] = [];
  for (const { x, t } of batches)
    losses.push((await (await step(tensor(x, [BATCH, ...shape]), tensor(t))).item()) as number);
  expect(losses.at(-1)).not.toBe(losses[0]);
  const weights = [...net.state()].map(([name, v]) => ({ name: `p_${name.replace(/\W+/g, "_")}`, v }));
  const offsets = new Map(
    [...file.source.matchAll(/^ \* +(\d+) {2}\w+ (\w+) \[/gm)].map(([, offset, name]) => [name, offset]),
  );
  const writes = weights.map(({ name, v }) => `fwrite(state + ${offsets.get(name)}, 4, ${v.size}, stdout);`);
  const main = `${READ}
  int main(void) {
    static float x[${size}];
    static int32_t t[${BATCH}];
    char *state = malloc(TRAIN_STATE_BYTES);
    void *work = malloc(TRAIN_WORK_BYTES);
    train_init(state);
    for (int i = 0; i < ${steps}; i++) {
      if (fread(x, 4, ${size}, stdin) != ${size} || fread(t, 4, ${BATCH}, stdin) != ${BATCH}) return 1;
      const float loss = train_step(state, x, t, work);
      fwrite(&loss, 4, 1, stdout);
    }
    ${writes.join("\n")}
    return 0;
  }`;
  const input = bytes(...batches.flatMap(({ x, t }) => [x, t]));
  const want = [losses, ...(await Promise.all(weights.map(({ v }) => v.data())))].flatMap((a) => [...a]);
  return { file, main, input, want: Float32Array.from(want) };
}

const OPTIMIZERS: Record<string, () => optim.Optimizer> = {
  perceptron: () => optim.sgd({ lr: 0.05, momentum: 0.9 }),
  lenet: () => optim.adam({ lr: 0.01 }),
  normed: () => optim.rmsprop({ lr: 0.01 }),
  recurrent: () => optim.adam({ lr: 0.01 }),
};

/** Each network with the compilers that are asked for it. */
const ASKED = Object.keys(NETS).flatMap((name, turn) =>
  choose(COMPILERS, turn).map((compiler) => ({ name, compiler, turn })),
);

describe("a C file", () => {
  test.each(ASKED)(
    "predicts what the network does: $name, by $compiler",
    async ({ name, compiler, turn }) => {
      for (const [batchSize, weights, lanes, builds] of [
        [1, "inside", 4, choose(FLAGS, turn)],
        [3, "beside", 4, [["-O2"]]],
        // Vectors longer than the processor's are passed in another way, of which GCC gives notice.
        [2, "inside", 16, [["-O2", "-Wno-psabi"]]],
      ] as const) {
        const given = await predictCase(name, batchSize, weights, lanes);
        for (const flags of builds) check({ compiler, flags }, given);
      }
    },
    120_000,
  );

  test.each(ASKED)(
    "trains as Tidu does, to the same weights after 100 steps: $name, by $compiler",
    async ({ name, compiler }) => check({ compiler, flags: ["-O2"] }, await trainingCase(name)),
    120_000,
  );
});

/** Counts its calls. */
class Counting extends nn.Module {
  readonly calls = new Variable(zeros([4]));
  readonly layer = nn.linear(4, 4);
  forward(x: Tensor): Tensor {
    this.calls.assign(this.calls.add(1));
    return this.layer.forward(x).add(this.calls);
  }
}

/** Adds random numbers, in use too. */
class Noisy extends nn.Module {
  readonly generator = new Generator(1);
  readonly layer = nn.linear(4, 4);
  forward(x: Tensor): Tensor {
    return this.layer.forward(x).add(this.generator.uniform([1, 4]));
  }
}

const CHANGING: Record<string, () => nn.Module> = {
  counting: () => new Counting(),
  noisy: () => new Noisy(),
  both: () => nn.sequential(new Counting(), nn.tanh(), new Noisy()),
};

/** Three calls, each of which goes on from the one before. */
async function changingCase(name: string, weights: Weights): Promise<Case> {
  manualSeed(3);
  const net = CHANGING[name]();
  const file = await predictC(net, [4], { weights });
  const data = noise(4, 1);
  const forward = compile((x) => net.during(false, () => net.forward(x)));
  const want: number[] = [];
  for (let i = 0; i < 3; i++) want.push(...(await (await forward(tensor(data, [1, 4]))).data()));
  const beside = weights === "beside";
  const main = `${READ}
  int main(void) {
    float input[4], output[4];
    void *work = malloc(PREDICT_WORK_BYTES);
    if (fread(input, 4, 4, stdin) != 4) return 1;
    ${beside ? `char *weights = malloc(${file.weights?.length});` : ""}
    ${beside ? `FILE *f = fopen(WEIGHTS, "rb"); if (f == 0 || fread(weights, 1, ${file.weights?.length}, f) == 0) return 2;` : ""}
    for (int i = 0; i < 3; i++) {
      predict(input, output${beside ? ", weights" : ""}, work);
      fwrite(output, 4, 4, stdout);
    }
    return 0;
  }`;
  return { file, main, input: bytes(data), want: Float32Array.from(want) };
}

describe.each(COMPILERS)("a network that changes itself in use, in C compiled by %s", (compiler) => {
  test.each(Object.keys(CHANGING))(
    "goes on from call to call: %s",
    async (name) => {
      for (const [turn, weights] of (["inside", "beside"] as const).entries()) {
        const given = await changingCase(name, weights);
        expect(given.file.source).toMatch(/A call changes p_\w+.* for the next: only one may run at a time\./);
        expect(new Set(given.want).size).toBeGreaterThan(4);
        for (const flags of choose(FLAGS, Object.keys(CHANGING).indexOf(name) + turn))
          check({ compiler, flags }, given);
      }
    },
    120_000,
  );

  test("is trained from C, too", async () => {
    const made = () => {
      manualSeed(4);
      return CHANGING.both();
    };
    const options = { optimizer: optim.sgd({ lr: 0.1 }), loss: loss.mse, batchSize: 2, target: [4] };
    for (const weights of ["inside", "beside"] as const) {
      const file = await trainingC(made(), [4], { ...options, weights });
      const first =
        weights === "inside"
          ? "train_init(state);"
          : 'FILE *f = fopen(WEIGHTS, "rb"); if (f == 0 || fread(state, 1, TRAIN_STATE_BYTES, f) == 0) return 2;';
      const main = `${READ}
  int main(void) {
    float x[8], t[8] = {0};
    void *state = malloc(TRAIN_STATE_BYTES), *work = malloc(TRAIN_WORK_BYTES);
    if (fread(x, 4, 8, stdin) != 8) return 1;
    ${first}
    for (int i = 0; i < 3; i++) {
      const float loss = train_step(state, x, t, work);
      fwrite(&loss, 4, 1, stdout);
    }
    return 0;
  }`;
      const data = noise(8, 2);
      const own = { net: made(), loss: loss.mse, optimizer: optim.sgd({ lr: 0.1 }) };
      const step = compile((x, t) => trainStep(own, x, t).loss);
      const want: number[] = [];
      for (let i = 0; i < 3; i++) want.push(await (await step(tensor(data, [2, 4]), zeros([2, 4]))).item());
      check({ compiler, flags: ["-O2"] }, { file, main, input: bytes(data), want: Float32Array.from(want) });
    }
  }, 120_000);
});

describe.each(PROCESSORS.map((processor, turn) => ({ ...processor, turn })))(
  "C for $name",
  ({ build, lanes, turn }) => {
    test("predicts the same bits", async () => {
      for (const name of choose(Object.keys(NETS), turn + 1)) check(build, await predictCase(name, 2, "inside", lanes));
    }, 120_000);

    test("trains to the same bits", async () => {
      const steps = build.emulator === undefined ? STEPS : FEW;
      for (const name of choose(Object.keys(NETS), turn)) check(build, await trainingCase(name, steps));
    }, 240_000);
  },
);

test.skipIf(COMPILERS.length === 0)("a C file says at its top how to call it", async () => {
  const { source } = await predictC(nn.sequential(nn.linear(3, 2)), [3], { name: "judge" });
  expect(source.slice(0, source.indexOf("*/"))).toMatchInlineSnapshot(`
    "/*
     * A network for inference.
     *
     *     void judge(const float *input, float *output, void *work);
     *
     * input   float [1, 3], the last axis fastest
     * output  float [1, 2], the last axis fastest
     * work    JUDGE_WORK_BYTES bytes of scratch memory for a call, aligned as by malloc; their content does not matter
     * A call reads and writes nothing outside these arrays.
     *
     * Compile it as C with GCC (12 or later) or Clang: cc -O2 -c FILE.c. From C++ declare the functions extern "C".
     *
     * Its arrays, with their offsets in bytes, which hold where all arrays are in one piece of memory:
     *        0  float p_0_bias [2]
     *       64  float p_0_weight [2, 3]
     "
  `);
  expect(source).not.toContain("immintrin");
});

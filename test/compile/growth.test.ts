import { Session } from "node:inspector/promises";
import { setFlagsFromString } from "node:v8";
import { afterAll, beforeAll, expect, it } from "vitest";
import { generateModule } from "../../packages/tidu/src/codegen/wasm/module.js";
import type { Stages } from "../../packages/tidu/src/compile/program.js";
import { signature } from "../../packages/tidu/src/compile/simplify.js";
import { makeStorage } from "../../packages/tidu/src/graph/node.js";
import { compile, loss, nn, ones, optim, tensor } from "../../packages/tidu/src/index.js";
import { NullDevice } from "../../packages/tidu/src/runtime/null.js";
import { setDevice } from "../../packages/tidu/src/tensor/realizer.js";

type Layers = readonly nn.Module[];

interface Kind {
  readonly name: string;
  readonly input: readonly number[];
  readonly block: () => Layers;
}
const dense: Kind = {
  name: "dense layers",
  input: [16, 8],
  block: () => [nn.linear(8, 8), nn.relu(), nn.dropout(0.2)],
};
const convolutions: Kind = {
  name: "convolutions",
  input: [16, 2, 2, 2],
  block: () => [nn.conv2d(2, 2, 3, { padding: 1 }), nn.batchNorm2d(2), nn.relu()],
};

/** Traces, differentiates and compiles a training step of so many equal blocks of layers, and the programs before it. */
async function compileStep(kind: Kind, count: number): Promise<void> {
  const { input, block } = kind;
  const device = new NullDevice();
  setDevice(device);
  const body = Array.from({ length: count }, block).flat();
  const net = nn.sequential(...body, nn.flatten(), nn.linear(8, 4));
  const optimizer = optim.adam({ lr: 0.05 });
  const learn = compile((x, t) => optimizer.minimize(loss.crossEntropy(net.forward(x), t), net.parameters()));
  await learn(ones([...input]), tensor(new Int32Array(input[0])));
  for (const { program, simplified } of device.programs as Stages[]) {
    generateModule(program, { shared: true, relaxed: true });
    signature(
      simplified,
      simplified.map((node) => makeStorage(node.shape, node.dtype)),
    );
  }
}

/** How often each piece of the sources runs: functions, and in them branches and bodies of loops. */
async function visits(work: () => Promise<void>): Promise<Map<string, number>> {
  await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  await work();
  const { result } = await session.post("Profiler.takePreciseCoverage");
  await session.post("Profiler.stopPreciseCoverage");
  const counts = new Map<string, number>();
  for (const { url, functions } of result.filter(({ url }) => url.includes("/src/")))
    for (const { functionName, ranges } of functions)
      for (const { startOffset, count } of ranges)
        counts.set(`${url.replace(/.*\/src\//, "")} ${functionName} ${startOffset}`, count);
  return counts;
}

const session = new Session();
beforeAll(async () => {
  session.connect();
  await session.post("Profiler.enable");
  // Optimized code does not count calls.
  for (const flag of ["--no-opt", "--no-maglev"]) setFlagsFromString(flag);
});
afterAll(() => {
  session.disconnect();
  setDevice(undefined);
});

/**
 * Each buffer is held against all that are placed already, in two comparisons: much less than all else. Blocks of memory
 * are given back when garbage is collected, whatever is compiled then.
 */
const QUADRATIC = /^(compile\/memory|runtime\/wasm\/heap)\.ts/;

it.each([dense, convolutions])(
  "no piece of the compiler runs more than twice as often for twice as many $name",
  async (kind) => {
    await compileStep(kind, 1);
    const few = await visits(() => compileStep(kind, 8));
    const more = await visits(() => compileStep(kind, 16));
    const most = await visits(() => compileStep(kind, 32));
    expect(most.size).toBeGreaterThan(500);
    const grown = [...most].flatMap(([piece, count]) => {
      const before = more.get(piece) ?? 0;
      const [first, then] = [before - (few.get(piece) ?? 0), count - before];
      return then > 300 && then > 2.4 * first ? [`${piece}: ${first} times more for 8 more, ${then} for 16`] : [];
    });
    expect(grown.filter((line) => !QUADRATIC.test(line))).toEqual([]);
  },
);

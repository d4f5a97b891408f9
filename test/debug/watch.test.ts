import { expect, onTestFinished, test, vi } from "vitest";
import { type Subject, watchPrograms } from "../../packages/tidu/src/debug/index.js";
import { setDevice, tensor } from "../../packages/tidu/src/index.js";
import { NativeDevice } from "../../packages/tidu/src/native.js";
import { HERE } from "../native/support.js";

/** What is told while a product of two matrices is computed for the first time. */
async function told(...subjects: Subject[]): Promise<string[]> {
  const texts: string[] = [];
  const stop = watchPrograms(subjects, (text) => texts.push(text));
  // A shape for each call, since programs that are known already are not compiled again.
  const columns = 40 + subjects.length;
  const x = tensor(new Float32Array(8 * columns), [8, columns]);
  await x.matmul(x.transpose()).relu().data();
  stop();
  return texts;
}

test("each subject has a text of its own for every program, until watching ends", async () => {
  const [graph] = await told("graph");
  expect(graph).toContain("contract");
  const [program, profile] = await told("program", "profile");
  expect(program).toMatch(/#0 contract storage\d+ \(i0<8, i1<8, sum i2<42\)/);
  expect(profile).toMatch(/^as WebAssembly: 1 kernels(.|\n)*GFLOP\/s {2}contract/);
  expect(await told()).toEqual([]);
});

test.skipIf(!HERE)("the code of native programs is C, with what each kernel computes before it", async () => {
  onTestFinished(() => setDevice(undefined));
  setDevice(await NativeDevice.create());
  const [code] = await told("code");
  expect(code).toMatch(/\/\* contract \w+ \[8 8 41\] \*\/\nKERNEL void kernel0\(/);
});

test.skipIf(!HERE)("times are those of native code where it runs", async () => {
  onTestFinished(() => setDevice(undefined));
  setDevice(await NativeDevice.create());
  const texts: string[] = [];
  const stop = watchPrograms(["profile"], (text) => texts.push(text));
  onTestFinished(stop);
  const x = tensor(new Float32Array(9 * 50), [9, 50]);
  await x.matmul(x.transpose()).relu().data();
  await expect.poll(() => texts[0]).toMatch(/^on native: 1 kernels(.|\n)*GFLOP\/s {2}contract/);
});

test("the environment names the subjects, and one that does not exist is refused", async () => {
  onTestFinished(() => void vi.unstubAllEnvs());
  vi.stubEnv("TIDU_DEBUG", "graph,kernels");
  await expect(import("../../packages/tidu/src/debug/register.js")).rejects.toThrow(
    'TIDU_DEBUG: "kernels" is not one of graph, program, profile, code',
  );
});

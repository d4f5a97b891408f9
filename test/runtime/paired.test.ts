import { afterEach, describe, expect, it } from "vitest";
import { threefry2x32 } from "../../packages/tidu/src/base/threefry.js";
import { generateModule } from "../../packages/tidu/src/codegen/wasm/module.js";
import type { Stages } from "../../packages/tidu/src/compile/program.js";
import { compile, Generator, tensor } from "../../packages/tidu/src/index.js";
import { NullDevice } from "../../packages/tidu/src/runtime/null.js";
import { setDevice } from "../../packages/tidu/src/tensor/realizer.js";

const number = (word: number): number => (word >>> 8) / 2 ** 24;

describe("paired uniform numbers", () => {
  afterEach(() => setDevice(undefined));

  it.each([
    [[3, 10], 1],
    [[2, 16, 5], 1],
    [[40, 3], 0],
  ])("of shape %j are both words of each block, along halves of axis %i", async (shape, axis) => {
    const block = [...shape];
    block[axis] /= 2;
    const inner = block.slice(axis + 1).reduce((n, d) => n * d, 1);
    const want = Array.from({ length: shape.reduce((n, d) => n * d, 1) }, (_, i) => {
      const [outer, at, rest] = [Math.floor(i / (inner * shape[axis])), Math.floor(i / inner) % shape[axis], i % inner];
      const counter = (outer * block[axis] + (at % block[axis])) * inner + rest;
      return number(threefry2x32(7, 0x80000000, counter, 0)[Math.floor(at / block[axis])]);
    });
    expect([...(await new Generator(7).uniform(shape, { paired: true }).data())]).toEqual(want);
  });

  it("have a block each where no axis is even", async () => {
    const [alone, paired] = [new Generator(7).uniform([3, 5]), new Generator(7).uniform([3, 5], { paired: true })];
    expect(await paired.data()).toEqual(await alone.data());
  });

  it("compute each block once", () => {
    const bytes = [false, true].map((paired) => {
      const device = new NullDevice();
      setDevice(device);
      const generator = new Generator(7);
      compile((x) => generator.uniform([64, 128], { paired }).mul(x)).prepare(tensor([1]));
      const { program } = device.programs.at(-1) as Stages;
      return generateModule(program, { shared: true, relaxed: false }).bytes.length;
    });
    // Both words of a block computed apart would make the code almost twice as long.
    expect(bytes[1]).toBeLessThan(1.4 * bytes[0]);
  });
});

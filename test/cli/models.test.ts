import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findModel, makeModel } from "../../packages/cli/src/cli/models/model.js";
import { presets } from "../../packages/cli/src/cli/models/presets.js";
import { ArgumentError } from "../../packages/tidu/src/base/errors.js";
import { zeros } from "../../packages/tidu/src/tensor/tensor.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tidu-models-"));
});
afterAll(() => rm(folder, { recursive: true }));

const REQUEST = { inputShape: [4], classes: 3, outputs: 3 };

/** The network that a model file of this content makes. */
async function made(name: string, source: string, request: Parameters<typeof makeModel>[1] = REQUEST) {
  const path = join(folder, name);
  await writeFile(path, source);
  return makeModel(await findModel(path), request);
}

describe("the presets", () => {
  it.each([
    ["lenet", [1, 28, 28], 10],
    ["lenet", [3, 32, 32], 5],
    ["lenet", [1, 12, 17], 2],
    ["mlp", [1, 28, 28], 10],
    ["mlp", [4], 1],
    ["cnn", [1, 28, 28], 10],
    ["cnn", [3, 33, 47], 2],
    ["cnn", [1, 4, 4], 2],
  ])("%s of inputs %j gives %d numbers", async (name, inputShape, outputs) => {
    const net = await presets[name]({ inputShape, outputs });
    expect((await net.predict(zeros([2, ...inputShape]))).shape).toEqual([2, outputs]);
  });

  it("drop as many units as is asked for", async () => {
    for (const make of Object.values(presets)) {
      const texts = await Promise.all(
        [0, 0.3].map(async (dropout) => String(await make({ inputShape: [1, 28, 28], outputs: 10, dropout }))),
      );
      expect(texts[0]).not.toContain("dropout");
      expect(texts[1]).toContain("dropout(0.3)");
    }
    expect(String(await presets.lenet({ inputShape: [1, 28, 28], outputs: 10 }))).toContain("dropout(0.5)");
  });

  it.each([
    ["lenet", [4]],
    ["lenet", [1, 11, 28]],
    ["cnn", [3, 2, 2]],
  ])("%s refuses inputs %j with the mend", async (name, inputShape) => {
    const making = makeModel({ name }, { inputShape, outputs: 2 });
    await expect(making).rejects.toThrow(ArgumentError);
    await expect(making).rejects.toThrow(/expected \[channels, height, width\].*use the model mlp/);
  });
});

describe("a model file", () => {
  it("may export a network", async () => {
    const net = await made("a.js", 'import { nn } from "tidu"; export default nn.sequential(nn.linear(4, 3));');
    expect(String(net)).toBe("sequential(linear(4, 3))");
  });

  it("may be TypeScript that exports a function of what the data ask for", async () => {
    const net = await made(
      "b.ts",
      `import { nn, type Tensor } from "tidu";
       interface Asked { inputShape: readonly number[]; classes?: number; outputs: number; dropout?: number }
       class Scaled extends nn.Module {
         constructor(private readonly inner: nn.Module) { super(); }
         override forward(x: Tensor): Tensor { return this.inner.forward(x.mul(2)); }
       }
       export default async ({ inputShape, classes, outputs, dropout = 0.1 }: Asked): Promise<nn.Module> =>
         new Scaled(nn.sequential(nn.linear(inputShape[0]!, classes as number), nn.dropout(dropout), nn.linear(3, outputs)));`,
      { ...REQUEST, dropout: 0.25 },
    );
    expect([...net.state().keys()]).toEqual(["inner.0.weight", "inner.0.bias", "inner.2.weight", "inner.2.bias"]);
    expect(net.namedModules().map(([, m]) => String(m))).toContain("dropout(0.25)");
    expect((await net.predict(zeros([1, 4]))).shape).toEqual([1, 3]);
  });

  it("may be a CommonJS module", async () => {
    const source = 'const { nn } = require("tidu"); module.exports = ({ outputs }) => nn.linear(4, outputs);';
    expect(String(await made("c.cjs", source))).toBe("linear(4, 3)");
  });

  it("may import its neighbors, and is made again from their texts alone", async () => {
    await writeFile(join(folder, "sizes.ts"), "export const hidden: number = 7;");
    const source = `import { nn } from "tidu";
      import { hidden } from "./sizes.ts";
      export default nn.sequential(nn.linear(4, hidden), nn.linear(hidden, 3));`;
    const path = join(folder, "c.mts");
    await writeFile(path, source);
    const record = await findModel(path);
    await rm(path);
    await rm(join(folder, "sizes.ts"));
    expect(record).toMatchObject({
      name: "c.mts",
      path,
      source,
      files: { "sizes.ts": "export const hidden: number = 7;" },
    });
    expect(String(await makeModel(record, REQUEST))).toBe("sequential(linear(4, 7), linear(7, 3))");
  });

  it.each([
    ["export default (", /^model x\.ts: .*/],
    ['throw new Error("not today");', /^model x\.ts: not today$/],
    ['import "./missing.js";', /^model x\.ts: Cannot find module/],
    ['import { nn } from "tidu"; export default nn.linear(0, 3);', /^model x\.ts: linear/],
    ["export const net = 1;", /gives nothing; export a network, such as nn\.sequential\(…\), or a function of/],
    [
      'import { nn } from "tidu"; export default class extends nn.Module {}',
      /its default export is a class; .*=> new Net\(\)/,
    ],
    ["export default class Small {}", /its default export is a class; export a function that makes .*=> new Small\(\)/],
    ["export default 3;", /gives a value of type number; export a network/],
    ["export default () => undefined;", /gives nothing; export a network/],
    ["export default () => ({ forward() {} });", /gives a value of type object; export a network/],
    ["export default ({ inputShape }) => inputShape.size();", /^model x\.ts: inputShape\.size is not a function$/],
  ])("%s is refused", async (source, message) => {
    const making = made("x.ts", source);
    await expect(making).rejects.toThrow(ArgumentError);
    await expect(making).rejects.toThrow(message);
  });

  it("that is finished takes no --dropout", async () => {
    const source = 'import { nn } from "tidu"; export default nn.linear(4, 3);';
    await expect(made("d.js", source, { ...REQUEST, dropout: 0.5 })).rejects.toThrow(
      "--dropout is 0.5, but the file exports a finished network; export a function",
    );
  });

  it.each([
    ["lenett", 'there is no model "lenett"; use lenet, mlp, cnn, resnet, or a file such as ./model.ts'],
    ["toString", "use lenet, mlp, cnn, resnet"],
    ["./nowhere/model.ts", "cannot read the model ./nowhere/model.ts: there is no such file"],
    ["model.py", 'there is no model "model.py"'],
  ])("%s is not found", async (name, message) => {
    await expect(findModel(name)).rejects.toThrow(ArgumentError);
    await expect(findModel(name)).rejects.toThrow(message);
  });
});

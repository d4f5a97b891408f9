// `tidu export --format wasm`: a module and its loader, which predict without Tidu.
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { jsonLines, workplace } from "./support.js";

const { path, tidu } = workplace();

describe("export --format wasm", () => {
  it("writes a module and a loader that predict what the network does", { timeout: 120_000 }, async () => {
    await tidu("train", "mnist", "--model", "mlp", "--samples", "200", "--epochs", "1", "--no-report", "--out", "run");
    const { out } = await tidu("export", "run", "--format", "wasm", "--out", "net.wasm");
    expect(out).toBe("written to net.wasm and net.mjs\n");
    const two = await tidu("export", "run", "--format", "wasm", "--batch-size", "2", "--out", "two.wasm", "--json");
    expect(jsonLines(two.out)).toEqual([{ file: "two.wasm", format: "wasm", beside: ["two.mjs"] }]);
    const predictOf = async (name: string): Promise<(input: ArrayLike<number>) => Float32Array> =>
      (await import(/* @vite-ignore */ pathToFileURL(path(name)).href)).load();
    const image = Float32Array.from({ length: 784 }, (_, i) => Math.sin(i));
    const one = (await predictOf("net.mjs"))(image);
    expect(one).toHaveLength(10);
    // Sums of another batch size may come in another order.
    const both = (await predictOf("two.mjs"))(new Float32Array([...image, ...image]));
    expect(both).toHaveLength(20);
    for (const [i, value] of both.entries()) expect(value).toBeCloseTo(one[i % 10], 4);
  });

  it("takes no option that is for C", async () => {
    const wrong = await tidu("export", "run", "--format", "wasm", "--weights", "beside");
    expect(wrong).toMatchObject({
      code: 2,
      errors: expect.stringMatching(/--weights is for --format c/),
    });
  });

  it("refuses a file whose name is the loader's", async () => {
    const wrong = await tidu("export", "run", "--format", "wasm", "--out", "new.mjs");
    expect(wrong.errors).toMatch(/--out \S*new\.mjs: the loader beside the module has this name; use new\.wasm/);
  });
});

// tidu export --format c: files that a strict compiler takes without a warning.
import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { HERE } from "../native/support.js";
import { jsonLines, workplace } from "./support.js";

const { path, tidu } = workplace();

describe("tidu export --format c", () => {
  it.skipIf(!HERE)("writes a C file that predicts as the network does, and a training step", async () => {
    await tidu("train", "mnist", "--model", "mlp", "--samples", "200", "--epochs", "1", "--no-report", "--out", "run");
    const { out } = await tidu("export", "run", "--format", "c", "--out", "net.c");
    expect(out).toBe("written to net.c\n");
    const beside = await tidu("export", "run", "--format", "c", "--weights", "beside", "--out", "two.c", "--json");
    expect(jsonLines(beside.out)).toEqual([{ file: "two.c", format: "c", beside: ["two.c.weights"] }]);
    expect((await tidu("export", "run", "--format", "c", "--training", "--out", "step.c")).code).toBe(0);
    expect(await readFile(path("step.c"), "utf8")).toMatch(
      / \* {5}float train_step\(void \*state, const float \*input/,
    );
    for (const file of ["net.c", "two.c", "step.c"]) {
      const { status, stderr } = spawnSync("cc", ["-Wall", "-Wextra", "-pedantic", "-c", path(file), "-o", path("o")]);
      expect({ status, says: String(stderr) }).toEqual({ status: 0, says: "" });
    }
    const wrong = await tidu("export", "run", "--format", "onnx", "--training");
    expect(wrong).toMatchObject({ code: 2, errors: expect.stringMatching(/--training is for --format c/) });
  });
});

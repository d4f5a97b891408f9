// The packed packages in the eyes of publint and attw, which know how tools look for files and types.
import { join } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { describe, expect, it } from "vitest";
import { packed, ROOT, run } from "./project.js";

/** What is meant: `tidu/worker` is a thread's file, and the command line's modules are read by Node as they are. */
const MEANT: Readonly<Record<string, string[]>> = {
  tidu: ["--exclude-entrypoints", "./worker"],
  "@tidu/cli": ["--ignore-rules", "cjs-resolves-to-esm"],
};

describe.each(["tidu", "@tidu/onnx", "@tidu/cli"])("%s", (name) => {
  const folder = join(ROOT, "packages", name.replace("@tidu/", ""));

  it("is in order by publint", async () => {
    const { messages, pkg } = await publint({ pkgDir: folder, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });

  it("has the right types for every resolution, by attw", async () => {
    const { file } = packed().find((one) => one.name === name) as { file: string };
    const attw = join(ROOT, "node_modules", ".bin", "attw");
    const { stdout } = await run(attw, [file, "--format", "ascii", "--no-color", "--no-emoji", ...(MEANT[name] ?? [])]);
    expect(stdout).toContain("No problems found");
  });
});

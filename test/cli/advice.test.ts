// What commands advise: nothing that only a program could do.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { ADVICE } from "../../packages/cli/src/cli/advice.js";
import { endingOf } from "../../packages/cli/src/cli/exit.js";
import { startEngine } from "../../packages/cli/src/cli/run/engine.js";
import type { TiduError } from "../../packages/tidu/src/base/errors.js";

/** The text of all sources below a folder. */
const textOf = (folder: string): string =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => readFileSync(join(folder, name), "utf8"))
    .join("\n");

/** What an adapter says of itself. */
const adapter = (description: string, most = 256) => ({
  info: { description },
  limits: { maxComputeInvocationsPerWorkgroup: most },
  features: new Set<string>(),
});

const before = Object.getOwnPropertyDescriptor(globalThis, "navigator");
afterEach(() => {
  if (before !== undefined) Object.defineProperty(globalThis, "navigator", before);
});

/** How --device webgpu ends where there is this adapter alone. */
async function endingWith(found: unknown) {
  const gpu = { requestAdapter: async () => found };
  Object.defineProperty(globalThis, "navigator", { value: { gpu }, configurable: true });
  const error = await startEngine({ device: "webgpu" }).catch((cause: TiduError) => cause);
  return endingOf(error);
}

describe("advice of the command line", () => {
  it("is found for what the library says today", () => {
    const library = textOf("packages/tidu/src") + textOf("packages/onnx/src");
    expect(ADVICE.filter(([coded]) => !library.includes(coded))).toEqual([]);
  });

  it("says how a command computes where the only adapter is software", async () => {
    const { code, message } = await endingWith(adapter("llvmpipe (LLVM 15.0.7, 256 bits)"));
    expect(code).toBe(1);
    expect(message).toMatch(/^WebGPU: the only adapter \(llvmpipe .*; give --device wasm, or install the driver/);
    expect(message).not.toMatch(/[{}]|software: true/);
  });

  it("says so where a card is too small", async () => {
    const { message } = await endingWith(adapter("an old card", 128));
    expect(message).toMatch(/needs 256; give --device wasm$/);
  });
});

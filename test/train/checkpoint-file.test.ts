import fc from "fast-check";
import { FormatError } from "tidu";
import { describe, expect, it } from "vitest";
import { decodeSafetensors, encodeSafetensors } from "../../packages/tidu/src/io/safetensors.js";
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "../../packages/tidu/src/train/checkpoint.js";
import { checkDamage, checkpoints } from "./checkpoint-damage.js";
import { failure } from "./support.js";

const small = (): Checkpoint => ({
  identity: { seed: "1" },
  progress: {
    before: 0,
    reports: [],
    step: 1,
    sums: { samples: 1, loss: 0.1, right: 1, penalty: 0, own: {} },
    seconds: 0.1,
    firstRate: 0.1,
    epochRate: 0.1,
    rate: 0.1,
  },
  groups: { net: new Map([["0.weight", { shape: [2], data: Float32Array.of(1, 2) }]]) },
});

describe("the file of a checkpoint", () => {
  it("gives back what it was made of, numbers that are not finite included", async () => {
    await fc.assert(
      fc.asyncProperty(checkpoints, async (checkpoint) => {
        expect(await decodeCheckpoint(await encodeCheckpoint(checkpoint), "x")).toEqual(checkpoint);
      }),
      { numRuns: 300 },
    );
  });

  it("is the same for the same checkpoint, and a safetensors file that others can read", async () => {
    const bytes = await encodeCheckpoint(small());
    expect(await encodeCheckpoint(small())).toEqual(bytes);
    const { tensors, metadata } = decodeSafetensors(bytes, "x");
    expect([...tensors.keys()]).toEqual(["net.0.weight", "sha256"]);
    expect(metadata.format).toBe("tidu checkpoint 1");
  });

  it("is refused at every truncation and for every flipped bit", async () => {
    const bytes = await encodeCheckpoint(small());
    for (let length = 0; length < bytes.length; length++) {
      expect(await failure(() => decodeCheckpoint(bytes.subarray(0, length), "x"))).toBeInstanceOf(FormatError);
    }
    for (let bit = 0; bit < 8 * bytes.length; bit++) {
      const copy = bytes.slice();
      copy[bit >> 3] ^= 1 << (bit & 7);
      expect(await failure(() => decodeCheckpoint(copy, "x"))).toBeInstanceOf(FormatError);
    }
  });

  it("is refused, whatever happens to it", () => checkDamage(500));

  it.each([
    ["another version's", { format: "tidu checkpoint 2" }, 'its metadata says "tidu checkpoint 2", expected'],
    ["nobody's", {}, "its metadata says no format, expected"],
    ["a model's", { format: "pt" }, 'its metadata says "pt", expected "tidu checkpoint 1"'],
  ])("is refused if it is %s", async (_, metadata, message) => {
    const file = encodeSafetensors({ a: { dtype: "f32", shape: [1], data: Float32Array.of(1) } }, metadata);
    const error = await failure(() => decodeCheckpoint(file, "x"));
    expect(error).toBeInstanceOf(FormatError);
    expect(error.message).toContain(message);
  });
});

import { PassThrough } from "node:stream";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Output } from "../../packages/cli/src/cli/output.js";
import { reading } from "../../packages/cli/src/cli/ui/reading.js";
import type { ReadProgress } from "../../packages/cli/src/sources/source.js";

/** What is written while 1,000 files are read, one in a millisecond. */
async function written(isTTY: boolean, json = false): Promise<string[]> {
  const seen: string[] = [];
  const stream = Object.assign(new PassThrough(), { isTTY }) as unknown as NodeJS.WriteStream;
  stream.write = (text: string | Uint8Array) => {
    seen.push(String(text));
    return true;
  };
  const read = async (onProgress: (progress: ReadProgress) => void = () => {}) => {
    for (let done = 1; done <= 1000; done++) {
      vi.advanceTimersByTime(1);
      onProgress({ done, total: 1000 });
    }
    return "data";
  };
  expect(await reading(new Output(stream, json), read)).toBe("data");
  return seen;
}

describe("reading data", () => {
  beforeEach(() => {
    vi.stubEnv("TERM", "xterm");
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllEnvs();
  });

  it("shows on a terminal how far it is, ten times a second, and clears the line", async () => {
    const seen = await written(true);
    expect(seen).toHaveLength(11);
    expect(seen[0]).toBe("\r\x1b[2Kreading 100 of 1000");
    expect(seen[10]).toBe("\r\x1b[2K");
  });

  it("says nothing elsewhere", async () => {
    expect(await written(false)).toEqual([]);
    expect(await written(true, true)).toEqual([]);
  });
});

import { mkdir, mkdtemp, readdir, readFile as readRaw, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { TiduError } from "../../packages/tidu/src/base/errors.js";
import { readFile, writeFileAtomic } from "../../packages/tidu/src/io/files.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tidu-files-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("writeFileAtomic", () => {
  it("writes a new file and replaces an old one, and leaves nothing else", async () => {
    const path = join(folder, "model.bin");
    await writeFileAtomic(path, Uint8Array.of(1, 2, 3));
    expect(await readFile(path)).toEqual(Uint8Array.of(1, 2, 3));
    await writeFileAtomic(path, new Uint8Array(100_000).fill(7).subarray(1));
    expect(await readFile(path)).toEqual(new Uint8Array(99_999).fill(7));
    expect(await readdir(folder)).toEqual(["model.bin"]);
  });

  it("writes an empty file, a name of the greatest length, and bytes in shared memory", async () => {
    const path = join(folder, "n".repeat(255));
    await writeFileAtomic(path, new Uint8Array());
    expect(await readFile(path)).toEqual(new Uint8Array());
    await writeFileAtomic(path, new Uint8Array(new SharedArrayBuffer(4)).fill(9));
    expect(await readFile(path)).toEqual(Uint8Array.of(9, 9, 9, 9));
  });

  it("leaves the old file as it was when writing fails half way", async () => {
    const path = join(folder, "model.bin");
    await writeFile(path, "old");
    // Node writes an iterable piece by piece: this one is a disk that fills up.
    const failing = (function* () {
      yield Uint8Array.of(1, 2, 3);
      throw new Error("no space left");
    })();
    const writing = writeFileAtomic(path, failing as unknown as Uint8Array);
    await expect(writing).rejects.toThrow(TiduError);
    await expect(writing).rejects.toThrow(`cannot write ${path}: no space left`);
    expect(await readRaw(path, "utf8")).toBe("old");
    expect(await readdir(folder)).toEqual(["model.bin"]);
  });

  it("leaves nothing behind when the name cannot be taken", async () => {
    const path = join(folder, "taken");
    await mkdir(path);
    await writeFile(join(path, "inside"), "kept");
    await expect(writeFileAtomic(path, Uint8Array.of(1))).rejects.toThrow(`cannot write ${path}: `);
    expect(await readdir(folder)).toEqual(["taken"]);
    expect(await readdir(path)).toEqual(["inside"]);
  });

  it("names a directory that does not exist", async () => {
    const path = join(folder, "nowhere", "model.bin");
    const writing = writeFileAtomic(path, Uint8Array.of(1));
    await expect(writing).rejects.toThrow(TiduError);
    await expect(writing).rejects.toThrow(`cannot write ${path}: there is no such directory`);
  });

  it("gives whole files to readers while many writers race", async () => {
    const path = join(folder, "raced");
    await writeFileAtomic(path, new Uint8Array(5000));
    const writes = Array.from({ length: 20 }, (_, k) => writeFileAtomic(path, new Uint8Array(5000).fill(k)));
    const reads = Array.from({ length: 20 }, () => readFile(path));
    for (const bytes of await Promise.all(reads)) expect(bytes).toEqual(new Uint8Array(5000).fill(bytes[0]));
    await Promise.all(writes);
    expect(await readdir(folder)).toEqual(["raced"]);
  });
});

describe("readFile", () => {
  it("names a file that does not exist", async () => {
    const path = join(folder, "missing.bin");
    await expect(readFile(path)).rejects.toThrow(TiduError);
    await expect(readFile(path)).rejects.toThrow(`cannot read ${path}: there is no such file`);
  });

  it("names a path that is not a file", async () => {
    await expect(readFile(folder)).rejects.toThrow(TiduError);
    await expect(readFile(folder)).rejects.toThrow(`cannot read ${folder}: `);
  });
});

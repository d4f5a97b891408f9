// A small disk that tests can fill.
import { execFile } from "node:child_process";
import { mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { vi } from "vitest";

const run = promisify(execFile);

/** A folder on a disk, with functions that fill the disk until almost no space is left and empty it again. */
export interface SmallDisk {
  readonly folder: string;
  fill(): Promise<void>;
  empty(): Promise<void>;
}

const BYTES = 512 * 1024;
const PAGE = 4096;

/**
 * Runs `body` with a disk that can be full: a small one in memory if this user may mount one, otherwise a folder whose
 * writers write to /dev/full once it is "full". In both cases the kernel itself reports ENOSPC.
 */
export async function onSmallDisk(body: (disk: SmallDisk) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "tidu-disk-"));
  const mounted = await run("mount", ["-t", "tmpfs", "-o", `size=${BYTES}`, "tidu-test", folder]).then(
    () => true,
    () => false,
  );
  try {
    await body(mounted ? realDisk(folder) : await divertedDisk(folder));
  } finally {
    vi.restoreAllMocks();
    if (mounted) await run("umount", [folder]);
    await rm(folder, { recursive: true, force: true });
  }
}

function realDisk(folder: string): SmallDisk {
  const filler = join(folder, "filler");
  return {
    folder,
    fill: async () => {
      const file = await open(filler, "w");
      // Some pages stay free, so that writing begins and fails halfway.
      for (let full = false; !full; )
        full = await file.write(new Uint8Array(PAGE)).then(
          () => false,
          () => true,
        );
      const { size } = await file.stat();
      await file.truncate(size - 2 * PAGE);
      await file.close();
    },
    empty: () => rm(filler),
  };
}

async function divertedDisk(folder: string): Promise<SmallDisk> {
  const probe = await open(join(folder, "probe"), "w");
  const files = Object.getPrototypeOf(probe) as typeof probe;
  await probe.close();
  await rm(join(folder, "probe"));
  return {
    folder,
    fill: async () => {
      vi.spyOn(files, "writeFile").mockImplementation((data) => writeFile("/dev/full", data as Uint8Array));
    },
    empty: async () => {
      vi.restoreAllMocks();
    },
  };
}

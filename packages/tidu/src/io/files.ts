import { TiduError } from "../base/errors.js";
import { needNodeModules } from "../base/node.js";
import { systemReason } from "../runtime/host.js";

/**
 * Reads a whole file. Throws TiduError, which names the path, when there is no such file or it cannot be read, and
 * DeviceError in a browser.
 */
export async function readFile(path: string): Promise<Uint8Array> {
  const fs = node(path)("node:fs/promises");
  try {
    const { buffer, byteOffset, byteLength } = await fs.readFile(path);
    return new Uint8Array(buffer, byteOffset, byteLength);
  } catch (cause) {
    throw systemError("read", path, cause);
  }
}

/** Bytes `begin` to `end` of a file, fewer where it ends before, and how many it has. Throws like `readFile`. */
export async function readRange(
  path: string,
  begin: number,
  end: number,
): Promise<{ readonly bytes: Uint8Array; readonly size: number }> {
  const fs = node(path)("node:fs/promises");
  try {
    const file = await fs.open(path, "r");
    try {
      const { size } = await file.stat();
      const bytes = new Uint8Array(Math.max(Math.min(end, size) - begin, 0));
      let done = 0;
      while (done < bytes.length) {
        const { bytesRead } = await file.read(bytes, done, bytes.length - done, begin + done);
        if (bytesRead === 0) throw new Error("it became shorter while it was read");
        done += bytesRead;
      }
      return { bytes, size };
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw systemError("read", path, cause);
  }
}

/**
 * Writes a whole file so that at every moment, a power cut included, `path` holds either all of the old content or
 * all of the new: the bytes go to a temporary file in the same directory, are synced, and take the name in one step.
 * A symbolic link at `path` is replaced, not followed.
 *
 * Throws TiduError, which names the path, when writing fails; then `path` is as it was and nothing else is left. In a
 * browser, throws DeviceError.
 */
export async function writeFileAtomic(path: string, bytes: Uint8Array): Promise<void> {
  const modules = node(path);
  const fs = modules("node:fs/promises");
  const { dirname, join } = modules("node:path");
  const directory = dirname(path);
  const temporary = join(directory, `.tidu-${globalThis.crypto.randomUUID()}.tmp`);
  try {
    await writeSynced(temporary, bytes);
    await fs.rename(temporary, path);
    await syncDirectory(directory);
  } catch (cause) {
    await fs.rm(temporary, { force: true });
    throw systemError("write", path, cause);
  }
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const { open } = node(path)("node:fs/promises");
  const file = await open(path, "wx");
  try {
    await file.writeFile(bytes);
    await sync(path, file.fd);
  } finally {
    await file.close();
  }
}

/** Makes a new name in `path` survive a power cut. Windows has no such call, and needs none. */
async function syncDirectory(path: string): Promise<void> {
  if (globalThis.process.platform === "win32") return;
  const { open } = node(path)("node:fs/promises");
  const directory = await open(path, "r");
  try {
    await sync(path, directory.fd);
  } finally {
    await directory.close();
  }
}

/** By its number: the file handles with which Yarn's Plug'n'Play replaces Node's cannot sync. */
async function sync(path: string, fd: number): Promise<void> {
  const { fsync } = node(path)("node:fs");
  await new Promise<void>((done, fail) => fsync(fd, (error) => (error === null ? done() : fail(error))));
}

const node = (path: string) => needNodeModules(`${path}: a path`, "use serialize and deserialize, which work on bytes");

function systemError(action: "read" | "write", path: string, cause: unknown): TiduError {
  const missing = action === "read" ? "there is no such file" : "there is no such directory";
  return new TiduError(`cannot ${action} ${path}: ${systemReason(cause, missing)}`, { cause });
}

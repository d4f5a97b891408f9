// Whatever goes wrong around native code is an error that says what to do, or a warning and another way; no process dies of it, and
// weights come out as they would have.
import { spawnSync } from "node:child_process";
import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { NativeDevice } from "tidu/native";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { digest } from "../../packages/tidu/src/runtime/native/cache.js";
import { WasmDevice } from "../../packages/tidu/src/runtime/wasm/device.js";
import { checkSame, runOn } from "../support/compare.js";
import { randomProgram, SMALL } from "../support/random-program.js";
import { COMPILERS, compilerThat, HERE, type Outcome, restoreAfterEach, startTraining, train } from "./support.js";

const folder = mkdtempSync(join(tmpdir(), "tidu-native-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const cacheNamed = (name: string): string => join(folder, name);
const librariesIn = (cache: string): string[] => readdirSync(cache).filter((name) => name.endsWith(".so"));
/** Whole libraries with their sums and notes, and nothing half done. */
const isTidy = (cache: string): boolean =>
  readdirSync(cache).every((name) => /^(swept|[0-9a-f]{64}\.(so|sum|note))$/.test(name));
const isRoot = process.getuid?.() === 0;
restoreAfterEach("CC");

describe.skipIf(!HERE || COMPILERS.length === 0)("native code", () => {
  /** What WebAssembly makes of the same training. */
  let want: string | undefined;
  beforeAll(async () => {
    want = (await train({ wasm: true }, {})).digest;
    expect(want).toMatch(/^[0-9a-f]{64}$/);
  });
  const expectSame = ({ digest, says, message, signal }: Outcome): void =>
    expect({ digest, message, signal, says }).toMatchObject({ digest: want, message: undefined, signal: null });

  test("that a compiler failed to make is tried again: nothing is lost", async () => {
    const broken = join(folder, "broken");
    process.env.CC = compilerThat(folder, "moody-cc", `[ -e "${broken}" ] && { echo "out of order" >&2; exit 1; }`);
    process.env.TIDU_CACHE = cacheNamed("moody");
    const device = await NativeDevice.create({ threads: 1, portable: true });
    const program = fc.sample(randomProgram(SMALL), { numRuns: 1, seed: 9 })[0];
    for (const [storage, data] of program.contents) device.write(storage, data);
    const executable = device.prepare(program.updates);
    writeFileSync(broken, "");
    const again = device.prepare(program.updates);
    await device.prepare(fc.sample(randomProgram(SMALL), { numRuns: 1, seed: 10 })[0].updates);
    const other = fc.sample(randomProgram(SMALL), { numRuns: 1, seed: 11 })[0];
    await expect(runOn(device, other)).rejects.toThrow(/does not compile a program.*\nout of order/s);
    await expect(runOn(device, other)).rejects.toMatchObject({ name: "DeviceError" });
    rmSync(broken);
    await executable.run();
    await again.run();
    const wasm = new WasmDevice({ threads: 1, portable: true });
    checkSame(await runOn(device, other), await runOn(wasm, other));
    await wasm.close();
  }, 60_000);

  test("goes on with WebAssembly, and says so, where that serves meanwhile and compiling fails", async () => {
    // Its threads are compiled, programs are not.
    const poolOnly = cacheNamed("pool-only");
    mkdirSync(poolOnly, { mode: 0o700 });
    const moody = compilerThat(
      folder,
      "second-cc",
      `[ -e "${folder}/once" ] && { echo "no more" >&2; exit 1; }; touch "${folder}/once"`,
    );
    const { says, ...outcome } = await train({ meanwhile: "wasm", steps: 5000 }, { TIDU_CACHE: poolOnly, CC: moody });
    expect(outcome.digest).toBe((await train({ wasm: true, steps: 5000 }, {})).digest);
    expect(says.match(/goes on with WebAssembly: .*no more/gs)).toHaveLength(1);
  }, 60_000);

  test("whose compiler is killed at its work is an error", async () => {
    const cc = compilerThat(folder, "killed-cc", "kill -9 $$");
    const { error, message } = await train({}, { TIDU_CACHE: cacheNamed("killed"), CC: cc });
    expect(error).toBe("DeviceError");
    expect(message).toMatch(/ended by SIGKILL/);
  });

  test("that a process was killed while making is no trouble to the next", async () => {
    const cache = cacheNamed("cut");
    const cc = compilerThat(folder, "slow-cc", `touch "${folder}/at-work"; sleep 2`);
    const child = startTraining({}, { TIDU_CACHE: cache, CC: cc });
    while (!existsSync(join(folder, "at-work"))) await new Promise((done) => setTimeout(done, 10));
    child.kill("SIGKILL");
    expectSame(await train({}, { TIDU_CACHE: cache }));
    // What is left over goes when it is old, at the first start of a day.
    const left = join(cache, `${"0".repeat(64)}.so.1.x`);
    writeFileSync(left, "half");
    utimesSync(left, 1e9, 1e9);
    const mine = join(cache, "mine.txt");
    writeFileSync(mine, "not ours");
    utimesSync(mine, 1e9, 1e9);
    expectSame(await train({}, { TIDU_CACHE: cache }));
    expect(existsSync(left)).toBe(true);
    utimesSync(join(cache, "swept"), 1e9, 1e9);
    expectSame(await train({}, { TIDU_CACHE: cache }));
    expect(existsSync(left)).toBe(false);
    expect(existsSync(mine)).toBe(true);
  }, 60_000);

  test("in the cache that is cut short, another processor's or not code at all is made anew", async () => {
    const cache = cacheNamed("damaged");
    expectSame(await train({}, { TIDU_CACHE: cache }));
    const libraries = librariesIn(cache).map((name) => join(cache, name));
    expect(libraries.length).toBeGreaterThan(1);
    const whole = new Map(libraries.map((path) => [path, readFileSync(path)]));
    const damage: Record<string, (bytes: Buffer) => Buffer> = {
      cut: (bytes) => bytes.subarray(0, bytes.length / 2),
      empty: () => Buffer.alloc(0),
      // The machine in an ELF header, made AArch64.
      foreign: (bytes) => Buffer.from(bytes.map((byte, i) => (i === 18 ? 183 : i === 19 ? 0 : byte))),
      text: () => Buffer.from("not a library"),
    };
    for (const [kind, change] of Object.entries(damage)) {
      for (const signed of kind === "foreign" || kind === "text" ? [true] : [false]) {
        for (const [path, bytes] of whole) {
          rmSync(path);
          writeFileSync(path, change(bytes));
          if (signed) writeFileSync(path.replace(/so$/, "sum"), digest(change(bytes)));
        }
        expectSame(await train({ steps: 20 }, { TIDU_CACHE: cache }));
        for (const [path, { length }] of whole) expect(Math.abs(statSync(path).size - length)).toBeLessThan(1000);
      }
    }
    expect(isTidy(cache)).toBe(true);
  }, 120_000);

  test("is made by two processes at once, and each has it whole", async () => {
    const cache = cacheNamed("two");
    const outcomes = await Promise.all([1, 2, 3].map(() => train({}, { TIDU_CACHE: cache })));
    for (const outcome of outcomes) expectSame(outcome);
    expect(isTidy(cache)).toBe(true);
    const times = librariesIn(cache).map((name) => statSync(join(cache, name)).ino);
    expectSame(await train({}, { TIDU_CACHE: cache }));
    expect(librariesIn(cache).map((name) => statSync(join(cache, name)).ino)).toEqual(times);
  }, 60_000);

  describe("says that it is kept elsewhere", () => {
    const expectElsewhere = async (cache: string, why: RegExp): Promise<void> => {
      const { says, ...outcome } = await train({}, { TIDU_CACHE: cache });
      expectSame({ ...outcome, says });
      expect(says).toMatch(why);
      const [place] = /\/\S*\/tidu-\w{6}/.exec(says) ?? [""];
      expect(says.match(/for this process only/g)).toHaveLength(1);
      // It goes with the process.
      expect(place).not.toBe("");
      expect(existsSync(place)).toBe(false);
    };

    test("where the folder cannot be made, or is a file", async () => {
      writeFileSync(cacheNamed("file"), "");
      await expectElsewhere(cacheNamed("file"), /EEXIST|ENOTDIR/);
      await expectElsewhere(join(cacheNamed("file"), "within"), /ENOTDIR/);
    }, 60_000);

    test("where it is read-only or full, whenever that comes to be", async () => {
      const disk = cacheNamed("disk");
      mkdirSync(disk);
      const mount = (...options: string[]) =>
        spawnSync("mount", ["-t", "tmpfs", "-o", options.join(), "tidu-test", disk]).status === 0;
      if (!mount("size=48k", "mode=700")) return;
      try {
        // Room for the threads' library at most.
        await expectElsewhere(disk, /No space left|ENOSPC/);
        spawnSync("mount", ["-o", "remount,ro", disk]);
        await expectElsewhere(disk, /EROFS/);
        spawnSync("mount", ["-o", "remount,rw,size=64m", disk]);
        spawnSync("mount", ["-o", "remount,noexec", disk]);
        await expectElsewhere(disk, /failed to map segment|not permitted/);
      } finally {
        spawnSync("umount", [disk]);
      }
    }, 60_000);

    test.skipIf(!isRoot)("where it is another user's", async () => {
      const cache = cacheNamed("theirs");
      mkdirSync(cache, { mode: 0o700 });
      chownSync(cache, 12345, 12345);
      await expectElsewhere(cache, /it is another user's/);
      expect(readdirSync(cache)).toEqual([]);
    });

    test("where others may write to it; a link to a folder of your own is fine", async () => {
      const open = cacheNamed("open");
      mkdirSync(open);
      spawnSync("chmod", ["777", open]);
      await expectElsewhere(open, /other users may write to it/);
      expect(readdirSync(open)).toEqual([]);
      spawnSync("chmod", ["700", open]);
      symlinkSync(open, cacheNamed("link"));
      const { says, ...outcome } = await train({}, { TIDU_CACHE: cacheNamed("link") });
      expectSame({ ...outcome, says });
      expect(says).toBe("");
      expect(librariesIn(open).length).toBeGreaterThan(1);
    }, 60_000);

    test("and is an error where there is no other place", async () => {
      writeFileSync(cacheNamed("file"), "");
      const { error, message } = await train(
        {},
        { TIDU_CACHE: cacheNamed("file"), TMPDIR: cacheNamed("no-such-folder") },
      );
      expect(error).toBe("DeviceError");
      expect(message).toMatch(/no folder to keep it in.*TIDU_CACHE/);
    });
  });

  describe("whose folder changes", () => {
    const [first, second, third] = fc.sample(randomProgram(SMALL), { numRuns: 3, seed: 21 });
    const wasm = new WasmDevice({ threads: 1, portable: true });
    afterAll(() => wasm.close());
    const before = process.env.TIDU_CACHE;
    afterEach(() => {
      vi.restoreAllMocks();
      if (before === undefined) delete process.env.TIDU_CACHE;
      else process.env.TIDU_CACHE = before;
    });
    /** A device on a cache, the warnings from now on, and whether it comes to the same as WebAssembly. */
    const begin = async (cache: string) => {
      process.env.TIDU_CACHE = cache;
      const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
      const device = await NativeDevice.create({ threads: 1, portable: true });
      const check = async (program: typeof first) =>
        checkSame(await runOn(device, program), await runOn(wasm, program));
      return { warn, check };
    };

    test("by being deleted makes it again, for this user alone", async () => {
      const cache = join(cacheNamed("deleted"), "deep");
      const { warn, check } = await begin(cache);
      await check(first);
      rmSync(cacheNamed("deleted"), { recursive: true });
      await check(second);
      expect(statSync(cache).mode & 0o777).toBe(0o700);
      expect(librariesIn(cache)).toHaveLength(1);
      expect(isTidy(cache)).toBe(true);
      expect(warn).not.toHaveBeenCalled();
    }, 60_000);

    test("by being deleted while a program is compiled compiles it once more", async () => {
      const [cache, deletes] = [cacheNamed("deleted-at-work"), join(folder, "deletes")];
      process.env.CC = compilerThat(folder, "deleting-cc", `[ -e "${deletes}" ] && rm -r "${deletes}" "${cache}"`);
      const { warn, check } = await begin(cache);
      writeFileSync(deletes, "");
      await check(third);
      expect(librariesIn(cache)).toHaveLength(1);
      expect(warn).not.toHaveBeenCalled();
    }, 60_000);

    test("into a file goes on elsewhere, where the next programs are, too", async () => {
      const cache = cacheNamed("becomes-file");
      const { warn, check } = await begin(cache);
      rmSync(cache, { recursive: true });
      writeFileSync(cache, "");
      await check(first);
      await check(second);
      expect(warn.mock.calls.join()).toMatch(/^tidu: native code is kept in .*becomes-file cannot be used/);
      expect(warn).toHaveBeenCalledTimes(1);
      // What is elsewhere may go as well.
      const [place] = /\/\S*\/tidu-\w{6}/.exec(warn.mock.calls.join()) as RegExpExecArray;
      rmSync(place, { recursive: true });
      await check(third);
      expect(warn).toHaveBeenCalledTimes(1);
    }, 60_000);

    test.skipIf(!isRoot)(
      "into another user's is neither read nor written",
      async () => {
        const cache = cacheNamed("becomes-theirs");
        const { warn, check } = await begin(cache);
        await check(first);
        chownSync(cache, 12345, 12345);
        const files = readdirSync(cache);
        await check(second);
        expect(readdirSync(cache)).toEqual(files);
        expect(warn.mock.calls.join()).toMatch(/it is another user's/);
      },
      60_000,
    );

    test("where folders have the names of files replaces them", async () => {
      const cache = cacheNamed("folders");
      await (await begin(cache)).check(first);
      const files = readdirSync(cache).filter((name) => /so$|sum$|note$/.test(name));
      expect(files.length).toBeGreaterThanOrEqual(6);
      for (const name of files) {
        rmSync(join(cache, name));
        mkdirSync(join(cache, name, "within"), { recursive: true });
      }
      const { warn, check } = await begin(cache);
      await check(first);
      expect(warn).not.toHaveBeenCalled();
      expect(files.filter((name) => statSync(join(cache, name)).isDirectory())).toEqual([]);
    }, 60_000);
  });

  test("that was compiled before is read where nothing can be written", async () => {
    const disk = cacheNamed("image");
    mkdirSync(disk);
    const [calls, cc] = [join(folder, "compiled"), join(folder, "telling-cc")];
    compilerThat(folder, "telling-cc", `echo called >> "${calls}"`);
    if (spawnSync("mount", ["-t", "tmpfs", "-o", "mode=700", "tidu-test", disk]).status !== 0) return;
    try {
      const env = { TIDU_CACHE: disk, CC: cc };
      expectSame(await train({}, env));
      spawnSync("mount", ["-o", "remount,ro", disk]);
      rmSync(calls);
      const { says, ...outcome } = await train({}, env);
      expectSame({ ...outcome, says });
      expect({ says, compiled: existsSync(calls) }).toEqual({ says: "", compiled: false });
      // Programs that are not there are kept elsewhere; the threads' library is found all the same.
      const other = await train({ portable: false }, env);
      expect(other.says).toMatch(/for this process only, since .*image cannot be used \(EROFS/);
      expect(other.says.match(/for this process only/g)).toHaveLength(1);
      expect(readFileSync(calls, "utf8").trim().split("\n").length).toBe(librariesIn(disk).length - 1);
    } finally {
      spawnSync("umount", [disk]);
    }
  }, 60_000);

  test.skipIf(!isRoot)(
    "of a user without a home is kept for the process only",
    () => {
      const env: NodeJS.ProcessEnv = { ...process.env };
      for (const name of ["HOME", "TIDU_CACHE", "XDG_CACHE_HOME"]) delete env[name];
      const child = ["test/native/child.mjs", JSON.stringify({ portable: true, threads: 2 })];
      const { stdout, stderr } = spawnSync(process.execPath, child, { env, uid: 54321, gid: 54321, encoding: "utf8" });
      if (stdout === "") return;
      expect(stderr).toMatch(/since the user's cache folder cannot be used \(.*homedir/);
      expect(JSON.parse(stdout.trim().split("\n").at(-1) as string)).toEqual({ digest: want });
    },
    60_000,
  );

  test("without koffi is an error that names the line which installs it", async () => {
    const alone = cacheNamed("alone");
    cpSync("packages/tidu", join(alone, "node_modules/tidu"), {
      recursive: true,
      filter: (path) => !/node_modules$|src$/.test(path),
    });
    cpSync("test/native/child.mjs", join(alone, "child.mjs"));
    const { stdout } = spawnSync(process.execPath, ["child.mjs"], { cwd: alone, encoding: "utf8" });
    expect(JSON.parse(stdout)).toMatchObject({
      error: "DeviceError",
      message: expect.stringMatching(/npm install koffi/),
    });
  });

  test("does not keep a process, or a thread, from ending in the midst of a step", async () => {
    const cache = cacheNamed("ending");
    expectSame(await train({}, { TIDU_CACHE: cache }));
    const program = `
      import { tensor, setDevice } from "tidu";
      import { NativeDevice } from "tidu/native";
      import { parentPort } from "node:worker_threads";
      setDevice(await NativeDevice.create({ threads: 2 }));
      const a = tensor(new Float32Array(1500 * 1500).fill(1), [1500, 1500]);
      await a.matmul(a).data();
      let b = a;
      for (let i = 0; i < 20; i++) b = b.matmul(a).mul(1e-3);
      void b.data().catch(() => {});
      setTimeout(() => parentPort === null ? process.exit(7) : parentPort.postMessage("at work"), 20);
    `;
    const path = join(folder, "ending.mjs");
    writeFileSync(path, program);
    symlinkSync(join(process.cwd(), "node_modules"), join(folder, "node_modules"));
    process.env.TIDU_CACHE = cache;
    for (let i = 0; i < 3; i++) {
      const { status, signal, stderr } = spawnSync(process.execPath, [path], { encoding: "utf8" });
      expect({ status, signal, stderr }).toEqual({ status: 7, signal: null, stderr: "" });
    }
    const outer = join(folder, "outer.mjs");
    writeFileSync(
      outer,
      `import { Worker } from "node:worker_threads";
      const worker = new Worker(new URL("ending.mjs", import.meta.url));
      worker.once("message", async () => { await worker.terminate(); setTimeout(() => process.exit(8), 50); });`,
    );
    for (let i = 0; i < 3; i++) {
      const { status, signal, stderr } = spawnSync(process.execPath, [outer], { encoding: "utf8" });
      expect({ status, signal, stderr }).toEqual({ status: 8, signal: null, stderr: "" });
    }
  }, 60_000);
});

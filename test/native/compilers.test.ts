// Compilers that do not do their work: they hang, write nothing or no library. Each is an error that names the command and a mend, and
// never the folder. CC may have arguments.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { NativeDevice } from "tidu/native";
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { CompilingDevice } from "../../packages/tidu/src/runtime/device.js";
import { NativeEngine } from "../../packages/tidu/src/runtime/native/engine.js";
import { Toolchain } from "../../packages/tidu/src/runtime/native/toolchain.js";
import { WasmDevice } from "../../packages/tidu/src/runtime/wasm/device.js";
import { checkSame, runOn } from "../support/compare.js";
import { randomProgram, SMALL } from "../support/random-program.js";
import { COMPILERS, compilerThat, HERE, restoreAfterEach, script, startTraining, train } from "./support.js";

const folder = mkdtempSync(join(tmpdir(), "tidu-native-"));
const { env } = process;
let count = 0;
const fresh = (): string => (env.TIDU_CACHE = join(folder, `cache-${count++}`));
beforeEach(() => void fresh());
restoreAfterEach("TIDU_CACHE", "CC");
afterEach(() => void vi.restoreAllMocks());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Lines that hang, once the numbers of the process and of what it has started are in a file. */
const hanging = (file: string): string => `sleep 1000 & echo $$ $! > "${file}.new"; mv "${file}.new" "${file}"; wait`;
const hasEnded = (pid: string): boolean => {
  try {
    process.kill(Number(pid), 0);
    // It may wait for its parent to ask how it ended.
    return existsSync(`/proc/${pid}`) && / Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return true;
  }
};
async function expectEnded(file: string): Promise<void> {
  const pids = readFileSync(file, "utf8").trim().split(" ");
  expect(pids).toHaveLength(2);
  await expect.poll(() => pids.map(hasEnded)).toEqual([true, true]);
}

const deviceWith = (engine: NativeEngine) =>
  new (class extends CompilingDevice<never, never> {
    readonly name = "native";
    constructor() {
      super(engine as never, undefined);
    }
  })();

const LIMITS = { first: 60_000, program: 60_000 };
const SOON = 2500;

describe.skipIf(!HERE || COMPILERS.length === 0)("a compiler that hangs", () => {
  test.each([
    ["as it tells its version", (file: string) => script(folder, "mute-cc", hanging(file)), / --version/],
    ["at the first library", (file: string) => compilerThat(folder, "hanging-cc", hanging(file)), /hanging-cc/],
  ])(
    "%s is stopped with all it has started",
    async (kind, make, named) => {
      const file = join(folder, `pids ${kind}`);
      env.CC = make(file);
      const error = await Toolchain.find({ ...LIMITS, first: SOON }).catch((cause) => cause);
      expect(error).toMatchObject({ name: "DeviceError" });
      expect(error.message).toMatch(named);
      expect(error.message).toMatch(/did not end within 2\.5 s, and was stopped; name another compiler in CC, or use/);
      await expectEnded(file);
      expect(readdirSync(env.TIDU_CACHE as string).filter((name) => name.includes(".so"))).toEqual([]);
    },
    60_000,
  );

  test("at a program is stopped, and nothing is lost", async () => {
    const [hangs, file] = [join(folder, "hangs"), join(folder, "pids of a program")];
    env.CC = compilerThat(folder, "moody-cc", `[ -e "${hangs}" ] && { ${hanging(file)}; }`);
    const tools = await Toolchain.find({ ...LIMITS, program: SOON });
    const device = deviceWith(new NativeEngine(tools, 1, false, () => 2 ** 30));
    const [program] = fc.sample(randomProgram(SMALL), { numRuns: 1, seed: 12 });
    writeFileSync(hangs, "");
    await expect(runOn(device, program)).rejects.toThrow(/moody-cc did not end within 2\.5 s/);
    await expectEnded(file);
    rmSync(hangs);
    const wasm = new WasmDevice({ threads: 1, portable: true });
    checkSame(await runOn(device, program), await runOn(wasm, program));
    await wasm.close();
  }, 60_000);

  test.each(["SIGKILL", "SIGTERM"] as const)(
    "ends with the process that waits for it, which ends by %s",
    async (signal) => {
      const file = join(folder, `pids of ${signal}`);
      const cc = compilerThat(folder, "lasting-cc", hanging(file));
      const child = startTraining({}, { CC: cc });
      await expect.poll(() => existsSync(file)).toBe(true);
      child.kill(signal);
      await expectEnded(file);
    },
    60_000,
  );

  test("does not keep a process that does not wait for it", async () => {
    const file = join(folder, "pids beside");
    const once = join(folder, "once");
    const cc = compilerThat(folder, "second-cc", `[ -e "${once}" ] && { ${hanging(file)}; }; touch "${once}"`);
    const { digest, says } = await train({ meanwhile: "wasm", steps: 2000 }, { CC: cc });
    expect({ digest: digest !== undefined, says }).toEqual({ digest: true, says: "" });
    await expectEnded(file);
  }, 60_000);
});

describe.skipIf(!HERE || COMPILERS.length === 0)("a compiler that", () => {
  const trash = `while [ "$1" != -o ]; do shift; done; echo trash > "$2"; exit`;
  test.each([
    ["writes nothing", () => "true", /: true wrote nothing, though it said no error; name another compiler in CC/],
    ["only says its arguments", () => "echo", /: echo wrote nothing/],
    ["writes no library", () => compilerThat(folder, "trash-cc", trash), /trash-cc wrote a file that is no library; /],
  ])("%s is an error, of which the folder is not accused", async (_, cc, says) => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    env.CC = cc();
    const error = await NativeDevice.create().catch((cause) => cause);
    expect(error).toMatchObject({ name: "DeviceError", message: expect.stringMatching(says) });
    expect(error.message).not.toMatch(/TIDU_CACHE/);
    expect(warn).not.toHaveBeenCalled();
  });

  test("writes only some parts of a program is an error, too", async () => {
    const tools = await Toolchain.find(LIMITS);
    env.CC = compilerThat(folder, "partial-cc", `case "$*" in *-DPART=1*) exit 0;; esac`);
    fresh();
    const partial = await Toolchain.find(LIMITS);
    const text =
      "#include <stdint.h>\nvoid tidu_step(const int64_t *table, int64_t threads) { (void)table; (void)threads; }";
    await expect(tools.make(text, 1)).resolves.toBeTypeOf("function");
    await expect(partial.make(text, 2)).rejects.toThrow(/partial-cc wrote nothing/);
  });

  test("writes a library that nothing can load is named, after another folder was tried", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    // The machine in an ELF header, made AArch64.
    const foreign = `if [ "$1" != -c ]; then ${COMPILERS[0]} "$@" || exit; while [ "$1" != -o ]; do shift; done
      printf '\\267\\000' | dd of="$2" bs=1 seek=18 conv=notrunc 2> /dev/null; exit; fi`;
    env.CC = compilerThat(folder, "foreign-cc", process.platform === "linux" ? foreign : trash);
    const error = await NativeDevice.create().catch((cause) => cause);
    expect(error).toMatchObject({ name: "DeviceError", message: expect.stringMatching(/another compiler in CC/) });
    expect(warn).not.toHaveBeenCalled();
  });
});

describe.skipIf(!HERE || COMPILERS.length === 0)("CC", () => {
  const librariesIn = (cache: string): string[] => readdirSync(cache).filter((name) => name.endsWith(".so"));

  test("may have arguments, which are part of a library's key", async () => {
    const cache = fresh();
    const calls = join(folder, "calls");
    const cc = script(folder, "wrapper", `echo "$@" >> "${calls}"; exec "$@"`);
    for (const [i, CC] of [`${cc} ${COMPILERS[0]}`, `  ${cc}  ${COMPILERS[0]}\t-DEXTRA=1 `].entries()) {
      env.CC = CC;
      const { compiler } = await NativeDevice.create({ threads: 1 });
      expect(compiler).toMatch(/clang|gcc/);
      expect(librariesIn(cache)).toHaveLength(i + 1);
    }
    expect(readFileSync(calls, "utf8")).toMatch(new RegExp(`^${COMPILERS[0]} -DEXTRA=1 -O1 `, "m"));
    env.CC = "no-such-compiler -O2";
    await expect(NativeDevice.create()).rejects.toThrow(/no C compiler named no-such-compiler -O2 \(CC\)/);
  }, 60_000);

  test("may be a path with spaces, and nothing but spaces is none", async () => {
    const place = join(folder, "my compilers");
    mkdirSync(place, { recursive: true });
    symlinkSync(compilerThat(folder, "plain-cc", ""), join(place, "my cc"));
    for (const CC of [join(place, "my cc"), "  "]) {
      env.CC = CC;
      await expect(NativeDevice.create({ threads: 1 })).resolves.toBeInstanceOf(NativeDevice);
    }
  }, 60_000);
});

import { spawn } from "node:child_process";
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const SECONDS = 60;
const at = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const [major] = process.versions.node.split(".").map(Number);

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly problems: string;
}

/** Runs a command in the repository's root; ends it if it does not end by itself, which makes its code null. */
function run(command: string, args: readonly string[]): Promise<Ended> {
  return new Promise((done, failed) => {
    const child = spawn(command, args, { cwd: at("../.."), timeout: SECONDS * 1000, killSignal: "SIGKILL" });
    const texts = ["", ""];
    child.stdout.on("data", (part) => (texts[0] += part));
    child.stderr.on("data", (part) => (texts[1] += part));
    child.on("error", failed);
    child.on("close", (code) => done({ code, out: texts[0].trim(), problems: texts[1].trim() }));
  });
}

const SUM = "console.log(await tensor([1, 2]).sum().item(), device().threads);";
const program = (before = "", threads = "threads: 3") => `${before}
  const { device, setDevice, tensor, WasmDevice } = await import("tidu");
  setDevice(new WasmDevice({ ${threads} }));
  await device().ready();
  ${SUM}`;
const node = (flags: readonly string[], code: string) =>
  run(process.execPath, [...flags, "--input-type=module", "-e", code]);

const RESULT = { threads: 3, sum: 3, product: 49146 * 128, slope: 6, accuracy: 1 };

describe("a process leaves by itself", { timeout: SECONDS * 2000 }, () => {
  // Outside the repository, whose tsconfig.json Bun would follow to the sources.
  let folder: string;
  let smoke: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "tidu-smoke-"));
    smoke = join(folder, "smoke.mjs");
    await mkdir(join(folder, "node_modules"));
    await symlink(at("../../packages/tidu"), join(folder, "node_modules", "tidu"));
    await copyFile(at("smoke.mjs"), smoke);
    await writeFile(join(folder, "package.json"), "{}");
  });
  afterAll(() => rm(folder, { recursive: true }));

  test("under Node", async () => {
    const { code, out, problems } = await run(process.execPath, [smoke]);
    expect([code, JSON.parse(out), problems]).toEqual([0, RESULT, ""]);
  });

  for (const [name, ...args] of [["bun@1.4.5"], ["deno@2.9.6", "run", "-A"]]) {
    test(`under ${name}`, async ({ skip }) => {
      const npx = (...all: string[]) => run("npx", ["--yes", name, ...all]);
      const { code: there } = await npx("--version");
      if (there !== 0) return skip(`npx cannot get ${name} here`);
      const { code, out, problems } = await npx(...args, smoke);
      expect([code, JSON.parse(out || "{}"), problems]).toEqual([0, RESULT, ""]);
    });
  }
});

describe("one thread does the work where others cannot be started", { timeout: SECONDS * 2000 }, () => {
  const WARNING = /^tidu: computes on one thread, since others cannot be started here or have ended: .+$/gm;

  test("under Node's permission model", async () => {
    const flag = major >= 24 ? "--permission" : "--experimental-permission";
    const { code, out, problems } = await node([flag, "--allow-fs-read=*"], program());
    expect([code, out]).toEqual([0, "3 1"]);
    expect(problems.match(WARNING)).toHaveLength(1);
    expect(problems).toContain("Access to this API has been restricted");
  });
});

describe("threads are started", { timeout: SECONDS * 2000 }, () => {
  test("though another library has put Node's own Worker in the place of the web's", async () => {
    const before = `
      const { Worker } = await import("node:worker_threads");
      globalThis.Worker = Worker;
      await import("onnxruntime-web");`;
    expect(await node([], program(before))).toMatchObject({ code: 0, out: "3 3", problems: "" });
  });

  test("from one CommonJS file that has everything in it", async () => {
    const folder = await mkdtemp(join(tmpdir(), "tidu-cjs-"));
    try {
      const input = join(folder, "app.mjs");
      await writeFile(
        input,
        `(async () => {${program().replace('import("tidu")', "tidu")}})();`.replace(
          "(async",
          'import * as tidu from "tidu";\n(async',
        ),
      );
      const tidu = at("../../packages/tidu/dist/bundle/index.js");
      const bundle = await rolldown({
        input,
        platform: "node",
        resolve: { alias: { tidu } },
        checks: { emptyImportMeta: false },
      });
      await bundle.write({ file: join(folder, "out", "app.cjs"), format: "cjs", codeSplitting: false });
      await bundle.close();
      expect(await run(process.execPath, [join(folder, "out", "app.cjs")])).toMatchObject({
        code: 0,
        out: "3 3",
        problems: "",
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe("what cannot work says why", { timeout: SECONDS * 2000 }, () => {
  test("without WebAssembly", async () => {
    const code = program()
      .replace("setDevice(", "try { setDevice(")
      .replace("await device().ready();", "} catch (e) { console.log(String(e)); process.exit(7); }");
    const ended = await node(["--jitless"], code);
    expect(ended.out).toBe("DeviceError: there is no WebAssembly here, which Tidu needs; start Node without --jitless");
    expect(ended.code).toBe(7);
  });

  const limited = (flags: string) =>
    run("bash", [
      "-c",
      `ulimit -v 3000000; exec "$0" ${flags} --input-type=module -e "$1"`,
      process.execPath,
      program("", ""),
    ]);

  test.skipIf(process.platform !== "linux")("works with 3 GB of address space", async () => {
    const flags = major < 22 ? "--disable-wasm-trap-handler" : "";
    expect(await limited(flags)).toMatchObject({ code: 0, out: "3 1" });
  });

  test.skipIf(process.platform !== "linux" || major >= 22)(
    "and names the flag that an old Node needs for that",
    async () => {
      const { code, problems } = await limited("");
      expect(code).toBe(1);
      expect(problems).toMatch(
        /MemoryError: too little address space for WebAssembly; raise ulimit -v, or .* --disable-wasm-trap-handler/,
      );
    },
  );
});

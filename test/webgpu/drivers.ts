// WebGPU without a graphics card: two implementations, each on a driver that computes on the processor.
import { type ExecFileException, execFile } from "node:child_process";
import { access, constants, mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** One way to run tests on WebGPU: what starts them, and with which environment. */
export interface Driver {
  readonly name: string;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const SWIFTSHADER = "/usr/lib/chromium/vk_swiftshader_icd.json";
const LAVAPIPE = "/usr/share/vulkan/icd.d/lvp_icd.x86_64.json";
const LOADER = ["/usr/lib/x86_64-linux-gnu/libvulkan.so.1", "/usr/lib/aarch64-linux-gnu/libvulkan.so.1"];

export const INSTALL = "apt-get install chromium libvulkan1 mesa-vulkan-drivers";

const readable = (path: string): Promise<boolean> =>
  access(path, constants.R_OK).then(
    () => true,
    () => false,
  );

const anyOf = async (paths: readonly string[]): Promise<boolean> =>
  (await Promise.all(paths.map(readable))).includes(true);

/** Installs the drivers where that can be done without asking: as root of a machine with apt. */
async function install(): Promise<void> {
  if (process.getuid?.() !== 0 || !(await readable("/usr/bin/apt-get"))) return;
  const apt = (...args: string[]) => promisify(execFile)("apt-get", ["-o", "DPkg::Lock::Timeout=300", ...args]);
  await apt("update").catch(() => {});
  const packages = INSTALL.split(" ").slice(2);
  await apt("install", "-y", "--no-install-recommends", ...packages).catch(() => {});
}

const complete = async (): Promise<boolean> =>
  (await anyOf(LOADER)) && (await readable(SWIFTSHADER)) && (await readable(LAVAPIPE));

/** Deno itself, not what starts it: that would hide which signal ended it. */
const denoPath = (): string => createRequire(import.meta.url)("deno/install_api.cjs").runInstall();

/** The drivers that there are, installed first if that is possible, and what is missing. */
export async function findDrivers(): Promise<{ dawn?: Driver; deno?: Driver; missing: string[] }> {
  if (!(await complete())) await install();
  const missing: string[] = [];
  const vitest = "node_modules/vitest/vitest.mjs";
  const loader = await anyOf(LOADER);
  const have = async (what: string, file: string): Promise<boolean> => {
    const found = loader && (await readable(file));
    if (!found) missing.push(`${what} (${file}): ${INSTALL}`);
    return found;
  };
  const dawn: Driver = {
    name: "Dawn in Node, on SwiftShader",
    command: [process.execPath, vitest],
    env: { VK_ICD_FILENAMES: SWIFTSHADER },
  };
  const deno: Driver = {
    name: "wgpu in Deno, on lavapipe",
    command: [denoPath(), "run", "-A", vitest],
    env: { VK_ICD_FILENAMES: LAVAPIPE, DENO_NO_UPDATE_CHECK: "1" },
  };
  return {
    dawn: (await have("SwiftShader", SWIFTSHADER)) ? dawn : undefined,
    deno: (await have("lavapipe", LAVAPIPE)) ? deno : undefined,
    missing,
  };
}

/**
 * Runs test files on a driver and returns how many tests passed; throws with the output if one did not, if there was an
 * error outside of them, or if they were not all run.
 */
export async function runSuite({ command, env }: Driver, filters: readonly string[]): Promise<number> {
  const [program, ...args] = command;
  // The report has no errors outside tests; the text has.
  const folder = await mkdtemp(join(tmpdir(), "tidu-webgpu-"));
  const report = join(folder, "report.json");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile=${report}`];
  const all = [...args, "run", "--config", "test/webgpu/vitest.config.ts", ...reporters, ...filters];
  const options = { env: { ...process.env, XDG_RUNTIME_DIR: "/tmp", ...env }, maxBuffer: 1 << 28 };
  try {
    const ended = await promisify(execFile)(program, all, options).then(
      ({ stdout, stderr }) => ({ said: `${stdout}\n${stderr}`, by: 0 }),
      ({ stdout, stderr, signal, code }: ExecFileException) => ({ said: `${stdout}\n${stderr}`, by: signal ?? code }),
    );
    const said = `${ended.said}\nended by ${ended.by}`;
    const { numPassedTests, numFailedTests, success } = await readFile(report, "utf8").then(JSON.parse, () => ({}));
    if (success !== true || numFailedTests > 0 || /Unhandled (Error|Rejection)/.test(said))
      throw new Error(said.slice(-8000));
    // A driver's threads may end its process badly after the last test, and after the report.
    if (ended.by !== 0) console.warn(`${program}: all tests passed; then it was ended by ${ended.by}`);
    return numPassedTests;
  } finally {
    await rm(folder, { recursive: true });
  }
}

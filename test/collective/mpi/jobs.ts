// Starts jobs of several processes for the tests of MPI.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** An MPI that is installed here, by its launcher. */
export interface Launcher {
  readonly name: string;
  readonly command: readonly string[];
}

const KNOWN: readonly Launcher[] = [
  { name: "Open MPI", command: ["mpirun.openmpi", "--allow-run-as-root", "--oversubscribe"] },
  { name: "MPICH", command: ["mpiexec.mpich"] },
];

const isHere = ({ command: [program] }: Launcher): boolean => {
  try {
    execFileSync(program, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
};

/** Those that are installed; where one is missing the tests say how to have it. */
export const LAUNCHERS = KNOWN.filter(isHere);
for (const { name } of KNOWN.filter((l) => !LAUNCHERS.includes(l)))
  console.warn(`tests on ${name} are skipped: apt-get install ${name === "MPICH" ? "mpich" : "openmpi-bin"}`);

export const TRAIN = fileURLToPath(new URL("./train.mjs", import.meta.url));
export const TIDU = fileURLToPath(new URL("../../../packages/cli/bin/tidu.js", import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  readonly seconds: number;
}

/** A command under way. */
export class Job {
  readonly process: ChildProcess;
  out = "";
  err = "";
  readonly ended: Promise<Ended>;

  constructor(command: readonly string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}) {
    const start = performance.now();
    this.process = spawn(command[0], command.slice(1), {
      stdio: ["ignore", "pipe", "pipe"],
      ...options,
      env: { ...process.env, ...options.env },
    });
    this.process.stdout?.on("data", (data) => void (this.out += data));
    this.process.stderr?.on("data", (data) => void (this.err += data));
    this.ended = new Promise((done) => {
      this.process.on("close", (code) =>
        done({ code, out: this.out, err: this.err, seconds: (performance.now() - start) / 1000 }),
      );
    });
  }

  /** Resolves when the job has printed this, or ended. */
  async says(text: string | RegExp): Promise<void> {
    const pattern = typeof text === "string" ? new RegExp(text) : text;
    let over = false;
    void this.ended.then(() => (over = true));
    while (!over && !pattern.test(this.out) && !pattern.test(this.err))
      await new Promise((next) => setTimeout(next, 20));
  }
}

/** Runs node in several processes. */
export const inProcesses = (launcher: Launcher, processes: number, ...args: readonly string[]): Promise<Ended> =>
  new Job([...launcher.command, "-np", String(processes), process.execPath, ...args]).ended;

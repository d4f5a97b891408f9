// @ts-nocheck: a command, not a test.
// Kills a random rank of a training at random moments, goes on from its checkpoints each time, and compares what it comes to with a
// training that was never killed: node kill.mjs [TIMES] [LAUNCHER, words], by default 50 times with Open MPI.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const [times = "50", ...given] = process.argv.slice(2);
const launcher = given.length > 0 ? given : ["mpirun.openmpi", "--allow-run-as-root", "--oversubscribe"];
const TRAIN = fileURLToPath(new URL("./train.mjs", import.meta.url));
const directory = mkdtempSync(join(tmpdir(), "tidu-mpi-"));
const course = { epochs: 3 + Math.ceil(Number(times) / 2), slow: 20 };

const run = (command, options) => {
  const job = spawn(command[0], [...command.slice(1), process.execPath, TRAIN, "cnn", JSON.stringify(options)], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  let out = "";
  job.stdout.on("data", (data) => void (out += data));
  return new Promise((done) => job.on("close", (code) => done({ code, out })));
};
const ranks = () => {
  try {
    return execFileSync("pgrep", ["-f", `^${process.execPath} ${TRAIN}.*${directory}`], { encoding: "utf8" })
      .trim()
      .split("\n")
      .map(Number);
  } catch {
    return [];
  }
};
const wait = (ms) => new Promise((next) => setTimeout(next, ms));
const digestOf = ({ out }) => JSON.parse(out.split("\n").find((line) => line.startsWith("{"))).digests[0];

const whole = digestOf(await run(["env"], { ...course, alone: true, slow: 0 }));
let [killed, slowest] = [0, 0];
for (let i = 0; i < Number(times); i++) {
  const processes = 1 + Math.floor(4 * Math.random());
  const job = run([...launcher, "-np", String(processes)], { ...course, directory, resume: true });
  const over = job.then(() => true);
  await wait(600 + 1500 * Math.random());
  const alive = ranks();
  const start = performance.now();
  if (alive.length > 0) {
    try {
      process.kill(alive[Math.floor(alive.length * Math.random())], "SIGKILL");
      killed++;
    } catch {}
  }
  if (!(await Promise.race([over, wait(10_000)]))) throw new Error(`run ${i}: it did not end within 10 s`);
  slowest = Math.max(slowest, performance.now() - start);
  await wait(100);
  if (ranks().length > 0) throw new Error(`run ${i}: processes are left: ${ranks()}`);
  const known = /^((epoch-\d+-step-\d+|best)\.safetensors|history\.jsonl)$/;
  const halves = readdirSync(directory).filter((name) => !known.test(name));
  if (halves.length > 0) console.log(`run ${i}: a killed writer left ${halves}`);
}
const last = await run([...launcher, "-np", "2"], { ...course, directory, resume: true, slow: 0 });
rmSync(directory, { recursive: true });
const same = digestOf(last) === whole;
console.log(`${killed} kills, the slowest end ${(slowest / 1000).toFixed(1)} s after one; the same bits: ${same}`);
process.exit(same ? 0 : 1);

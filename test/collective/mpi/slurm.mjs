// @ts-nocheck: a command, not a test.
// Trains under Slurm's srun, with slurmctld and slurmd on this machine alone, as root and without systemd: the same bits as one process
// has, an end when a rank dies, and a checkpoint when Slurm says that time is over. Debian's packages: slurm-wlm slurm-wlm-basic-plugins
// slurm-client munge libpmix-dev openmpi-bin mpich.
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const TRAIN = fileURLToPath(new URL("./train.mjs", import.meta.url));
const TIDU = fileURLToPath(new URL("../../../packages/cli/bin/tidu.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "tidu-slurm-"));
const host = hostname().split(".")[0];
const conf = join(folder, "slurm.conf");
const env = { ...process.env, SLURM_CONF: conf };
const wait = (ms) => new Promise((next) => setTimeout(next, ms));
const daemons = [];

const CONF = `ClusterName=tidu
SlurmctldHost=${host}(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=${folder}/munge.socket
MpiDefault=none
ProctrackType=proctrack/pgid
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
KillOnBadExit=1
KillWait=10
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdPidFile=${folder}/slurmd.pid
SlurmctldLogFile=${folder}/slurmctld.log
SlurmdLogFile=${folder}/slurmd.log
SlurmctldPort=26817
SlurmdPort=26818
SlurmdParameters=config_overrides
NodeName=${host} NodeAddr=127.0.0.1 CPUs=4 RealMemory=2000 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP OverSubscribe=YES
`;

async function up() {
  for (const name of ["state", "spool"]) mkdirSync(join(folder, name));
  writeFileSync(conf, CONF);
  const key = join(folder, "munge.key");
  writeFileSync(key, globalThis.crypto.getRandomValues(new Uint8Array(128)), { mode: 0o400 });
  const daemon = (name, ...args) => daemons.push(spawn(name, args, { env, stdio: "ignore" }));
  const at = (name) => join(folder, name);
  daemon(
    "munged",
    "--foreground",
    "--force",
    `--key-file=${key}`,
    `--socket=${at("munge.socket")}`,
    `--pid-file=${at("munged.pid")}`,
    `--log-file=${at("munged.log")}`,
    `--seed-file=${at("munge.seed")}`,
  );
  await wait(500);
  daemon("slurmctld", "-D", "-f", conf);
  daemon("slurmd", "-D", "-f", conf, "-N", host);
  for (let i = 0; i < 80; i++) {
    try {
      if (/idle/.test(execFileSync("sinfo", ["-h", "-o", "%T"], { env, encoding: "utf8", stdio: "pipe" }))) return;
    } catch {}
    await wait(250);
  }
  throw new Error(`Slurm does not come up: ${readFileSync(at("slurmd.log"), "utf8").slice(-800)}`);
}

async function down() {
  // A job outlives slurmctld.
  try {
    execFileSync("scancel", ["--signal=KILL", "--user=root"], { env, stdio: "ignore" });
    await wait(500);
  } catch {}
  for (const daemon of daemons.reverse()) {
    const gone = new Promise((done) => daemon.once("exit", done));
    daemon.kill("SIGTERM");
    await Promise.race([gone, wait(5000).then(() => daemon.kill("SIGKILL"))]);
  }
  rmSync(folder, { recursive: true, force: true });
}

function run(command) {
  const job = spawn(command[0], command.slice(1), { env, stdio: ["ignore", "pipe", "pipe"] });
  const state = { job, out: "", err: "" };
  job.stdout.on("data", (data) => void (state.out += data));
  job.stderr.on("data", (data) => void (state.err += data));
  state.ended = new Promise((done) => job.on("close", (code) => done({ code, out: state.out, err: state.err })));
  return state;
}
const srun = (mpi, n, ...args) =>
  run(["srun", "-n", String(n), "--overcommit", `--mpi=${mpi}`, process.execPath, ...args]);
const digests = (out) =>
  out
    .split("\n")
    .filter((l) => l.startsWith("{"))
    .flatMap((l) => JSON.parse(l).digests);
const ranks = (text) => {
  try {
    return execFileSync("pgrep", ["-f", `^${process.execPath} .*${text}`], { encoding: "utf8" })
      .trim()
      .split("\n")
      .map(Number);
  } catch {
    return [];
  }
};
function must(what, holds, detail = "") {
  console.log(`${holds ? "ok" : "FAILED"}  ${what}${holds ? "" : `: ${detail}`}`);
  if (!holds) process.exitCode = 1;
}

async function same(mpi) {
  const { out: alone } = await run([process.execPath, TRAIN, "lenet,cnn,stream", '{"alone":true,"epochs":1}']).ended;
  for (const n of [1, 2, 4]) {
    const { out, err } = await srun(mpi, n, TRAIN, "lenet,cnn,stream", '{"epochs":1}').ended;
    must(
      `${mpi}: ${n} processes have the bits of one alone`,
      String(digests(out)) === String(digests(alone).flatMap((d) => Array(n).fill(d))),
      err,
    );
  }
}

async function dies(mpi) {
  const mark = join(folder, `dies-${mpi}`);
  const job = srun(mpi, 4, TRAIN, "cnn", JSON.stringify({ epochs: 500, slow: 10, started: true, directory: mark }));
  while (!job.out.includes("started")) await wait(50);
  const start = performance.now();
  process.kill(ranks(mark)[2], "SIGKILL");
  const { code } = await job.ended;
  const seconds = (performance.now() - start) / 1000;
  await wait(200);
  must(
    `${mpi}: a killed rank ends the job in ${seconds.toFixed(1)} s, and nobody is left`,
    code !== 0 && seconds < 10 && ranks(mark).length === 0,
    `${code}, ${ranks(mark)}`,
  );
}

async function told(mpi) {
  const out = join(folder, `told-${mpi}`);
  const course =
    "train mnist --samples 2000 --validation 0.1 --model mlp --device wasm --epochs 500 --batch-size 40 --shards 4 --no-report";
  const job = srun(mpi, 2, TIDU, ...course.split(" "), "--out", out);
  while (!/epoch +2\//.test(job.err + job.out) && job.job.exitCode === null) await wait(50);
  const id = execFileSync("squeue", ["-h", "-o", "%A"], { env, encoding: "utf8" }).trim();
  execFileSync("scancel", ["--signal=TERM", id], { env, stdio: "pipe" });
  const { err } = await job.ended;
  const kept = readdirSync(join(out, "checkpoints"));
  must(
    `${mpi}: SIGTERM leaves a checkpoint (${kept})`,
    /stopped after step/.test(err) && kept.length > 0,
    err.slice(-400),
  );
}

for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => void down().then(() => process.exit(1)));
try {
  await up();
  for (const mpi of ["pmix", "pmi2"]) {
    await same(mpi);
    await dies(mpi);
    await told(mpi);
  }
} finally {
  await down();
}

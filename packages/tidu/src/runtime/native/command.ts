// Commands that run as processes beside this one, each with a time limit. They end with this process, however it ends.
import type { ChildProcess } from "node:child_process";
import type { Socket } from "node:net";
import type { Writable } from "node:stream";
import { needNodeModules } from "../../base/node.js";
import { USE_WASM } from "./mend.js";

/** How a command ended. */
export interface Ended {
  readonly ok: boolean;
  readonly out: string;
  readonly err: string;
  /** Whether it was stopped at its time limit. */
  readonly late?: boolean;
}

const children = () => needNodeModules("native code", USE_WASM)("node:child_process");

/**
 * A shell that is told of each group of processes as it begins, and again as it ends. When its input ends, as it does with
 * this process, it ends the groups that are left. No handler here would be called where this process is killed.
 */
const GUARD = `all=' '
while read -r group; do
  case $all in
    *" $group "*) all="\${all%% $group *} \${all#* $group }";;
    *) all="$all$group ";;
  esac
done
[ "$all" = ' ' ] || kill -9 $all`;

/** Tells the guard. It is there as long as a command is at work. */
let guard: Writable | undefined;
let atWork = 0;

function startGuard(): Writable {
  const shell = children().spawn("sh", ["-c", GUARD], { stdio: ["pipe", "ignore", "ignore"], detached: true });
  // Without it, commands that hang outlive this process.
  shell.on("error", () => {});
  shell.stdin.on("error", () => {});
  shell.unref();
  (shell.stdin as unknown as Socket).unref();
  return shell.stdin;
}

/** Has the guard ready before a command begins, which it would not know of meanwhile; returns what ends that. */
function watch(): () => void {
  guard ??= startGuard();
  atWork++;
  return () => {
    if (--atWork > 0) return;
    guard?.end();
    guard = undefined;
  };
}

/** Tells the guard that a group of processes has begun, or ended. */
const tellGuard = (pid: number): void => void guard?.write(`-${pid}\n`);

/** Keeps the process alive until a promise is settled; commands alone do not. */
export function awaited<T>(promise: Promise<T>): Promise<T> {
  const timer = setInterval(() => {}, 2 ** 30);
  return promise.finally(() => clearInterval(timer));
}

/**
 * Runs a command with some text as its input.
 *
 * @param limit milliseconds after which it is stopped, with all that it has started.
 * @throws nothing: a command that cannot be started has failed.
 */
export function run(words: readonly string[], input: string, limit: number): Promise<Ended> {
  return new Promise((done) => {
    const failed = (error: unknown): void => done({ ok: false, out: "", err: String(error) });
    let over = (): void => {};
    try {
      over = watch();
      const [command, ...args] = words;
      const env = { ...process.env, LC_ALL: "C" };
      const child = children().spawn(command, args, { stdio: "pipe", env, detached: true });
      child.on("error", failed);
      if (child.pid === undefined) over();
      else follow(child as Piped, child.pid, input, limit, done, over);
    } catch (error) {
      over();
      failed(error);
    }
  });
}

type Piped = ChildProcess & { readonly stdin: Writable };

function follow(
  child: Piped,
  pid: number,
  input: string,
  limit: number,
  done: (ended: Ended) => void,
  over: () => void,
): void {
  tellGuard(pid);
  child.unref();
  const streams = [child.stdin, child.stdout, child.stderr] as unknown as readonly Socket[];
  for (const stream of streams) stream.unref();
  let [out, err] = ["", ""];
  child.stdout?.on("data", (data) => void (out += data));
  child.stderr?.on("data", (data) => void (err += data));
  const timer = setTimeout(() => {
    endGroup(pid);
    for (const stream of streams) stream.destroy();
    done({ ok: false, out, err, late: true });
  }, limit);
  timer.unref();
  child.on("close", (code, signal) => {
    tellGuard(pid);
    over();
    clearTimeout(timer);
    done({ ok: code === 0, out, err: signal === null ? err : `ended by ${signal}` });
  });
  child.stdin.on("error", () => {});
  child.stdin.end(input);
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has already ended.
  }
}

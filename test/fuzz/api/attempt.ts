// Makes one bad call and judges what came of it.
import { BAD, SHOWN } from "./bad-values.js";
import { type Case, replaced } from "./cases.js";
import * as packages from "./packages.js";
import type { Call, Row } from "./row.js";

const { tidu } = packages;
/** Items that are taken from what can be iterated. */
const ITEMS = 3;
/** Elements that take long to compute, and those for which no engine has room. */
const LONG = 1e8;
const ROOM = 2 ** 31;

/** What is wrong with how a bad call ended; undefined if nothing is. */
export async function attempt(one: Case, row: Row): Promise<string | undefined> {
  const { callable, path, slot, bad } = one;
  const call = await row();
  const value = BAD[bad]();
  let problem: string | undefined;
  try {
    const result = await invoke(callable.id, { ...call, args: replaced(call.args, path, value) });
    await consume(call.use === undefined ? result : await call.use(result as never));
    const allowed = slot.accepts.includes(bad) || (slot.callable && bad === "function");
    if (!allowed) problem = "accepted, though TypeScript refuses it";
  } catch (error) {
    problem = judge(error, one);
  }
  return problem ?? (await poisoned());
}

/** Calls a public function by its name in the table. */
export function invoke(id: string, { self, args }: Call): unknown {
  if (id.endsWith("()")) return (self as (...args: unknown[]) => unknown)(...args);
  const name = id.replace(/^new /, "");
  const last = name.slice(name.lastIndexOf(".") + 1);
  if (self !== undefined) {
    if (!last.endsWith("=")) return (self as Record<string, (...args: unknown[]) => unknown>)[last](...args);
    (self as Record<string, unknown>)[last.slice(0, -1)] = args[0];
    return undefined;
  }
  const [entry, inside] = name.includes("/") ? name.split("/") : ["tidu", name];
  // biome-ignore lint/performance/noDynamicNamespaceImportAccess: every export is called, by its name in the table
  let found: unknown = packages[entry as keyof typeof packages];
  for (const step of inside.split(".")) found = (found as Record<string, unknown>)[step];
  if (id.startsWith("new ")) return new (found as new (...args: unknown[]) => unknown)(...args);
  return (found as (...args: unknown[]) => unknown)(...args);
}

/** Reads all tensors in a result. */
async function consume(given: unknown): Promise<void> {
  const result = await given;
  if (result instanceof tidu.Tensor) {
    // What finds room and only takes long is no fault.
    if (result.size < LONG || result.size > ROOM) await result.data();
    return;
  }
  if (typeof result !== "object" || result === null || ArrayBuffer.isView(result)) return;
  if (Array.isArray(result)) {
    for (const item of result) await consume(item);
    return;
  }
  if (Symbol.asyncIterator in result) {
    const items = (result as AsyncIterable<unknown>)[Symbol.asyncIterator]();
    for (let i = 0; i < ITEMS; i++) if ((await items.next()).done) break;
    await items.return?.();
    return;
  }
  if (Object.getPrototypeOf(result) === Object.prototype) for (const item of Object.values(result)) await consume(item);
}

function judge(error: unknown, { callable, names, bad, slot }: Case): string | undefined {
  if (!(error instanceof tidu.TiduError))
    return `raw error: ${error instanceof Error ? (error.stack ?? "").split("\n").slice(0, 4).join(" | ") : String(error)}`;
  const { message } = error;
  // What a function returns is wrong only where it is called, which may be elsewhere.
  if (slot.callable && bad === "function") return undefined;
  // So it may be with what TypeScript lets pass: a size that is too large, a file that is not there.
  if (slot.accepts.includes(bad)) return undefined;
  const has = (part: string) => message.toLowerCase().includes(part.toLowerCase());
  const name = callable.id.replace(/^new |\(\)|=$/g, "").replace(/^.*[./]/, "");
  const owner = callable.id.replace(/\.[^.]*$/, "").replace("()", "");
  const missing = [
    ...(has(name) || has(owner) || (name === "forward" && /^[\w.]+(\(.*\))?: /.test(message))
      ? []
      : [`the function (${name})`]),
    ...(names.some((n) => has(n === "x" ? "input" : n) || has(n)) ? [] : [`the argument (${names.join(" or ")})`]),
    ...(SHOWN[bad].some((shown) => message.includes(shown)) ? [] : [`the value (${SHOWN[bad][0]})`]),
    ...(/[;:] \S/.test(message) ? [] : ["what is allowed"]),
  ];
  return missing.length === 0 ? undefined : `the error does not name ${missing.join(", ")}: ${message}`;
}

const standing = new tidu.Variable(tidu.tensor([1, 2, 3]));
const before = new tidu.WasmDevice({ threads: 1 });

/** Whether a computation that is right before is not any more. */
async function poisoned(): Promise<string | undefined> {
  tidu.setDevice(before);
  try {
    const fresh = new tidu.Variable(standing.mul(2));
    fresh.assign(fresh.add(1));
    const found = await fresh.mul(standing).sum().item();
    return found === 34 ? undefined : `a computation after it gives ${found}, not 34`;
  } catch (error) {
    return `a computation after it fails: ${error}`;
  }
}

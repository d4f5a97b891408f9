// Runs in a process of its own: makes the bad calls from a number on, says in a file which one is under way, and writes
// down what went wrong in another.
import { appendFileSync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { attempt } from "./attempt.js";
import { type Case, casesOf, describe } from "./cases.js";
import { tidu } from "./packages.js";
import type { Row } from "./row.js";
import type { Plan } from "./run.js";
import { rowsOf } from "./table.js";

const [folder, part, from] = process.argv.slice(2);
const { surface, parts, keep } = JSON.parse(readFileSync(join(folder, "plan.json"), "utf8")) as Plan;
// Valid calls write files: each process has a place of its own.
const home = join(folder, `home-${part}`);
mkdirSync(home, { recursive: true });
process.chdir(home);
console.warn = console.error = console.log = () => {};

const progress = openSync(join(folder, `progress-${part}`), "w");
const say = (finding: object) => appendFileSync(join(folder, `findings-${part}`), `${JSON.stringify(finding)}\n`);
let under: Case | undefined;
const escaped = (error: unknown) =>
  say({
    call: under && describe(under),
    problem: `an error that nobody can catch: ${(error as Error)?.stack ?? error}`,
  });
process.on("uncaughtException", escaped);
process.on("unhandledRejection", escaped);

tidu.setDevice(new tidu.WasmDevice({ threads: 1 }));
let number = -1;
for (const [i, callable] of surface.entries()) {
  if (i % parts !== Number(part)) continue;
  const cases: [Case, Row][] = [];
  for (const row of rowsOf(callable.id)) for (const one of casesOf(callable, await row())) cases.push([one, row]);
  for (const [j, [one, row]] of cases.entries()) {
    // A short run takes another few of the values at each place.
    if (keep > 1 && (j * 5 + i) % keep !== 0) continue;
    if (++number < Number(from)) continue;
    under = one;
    writeSync(progress, `${number} ${describe(one)}\n`.padEnd(200), 0);
    const problem = await attempt(one, row);
    if (problem !== undefined) say({ call: describe(one), problem });
  }
}
writeSync(progress, "done".padEnd(200), 0);
say({ calls: number + 1 });
process.exit(0);

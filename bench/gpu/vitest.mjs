// The part of Vitest that the suites of test/webgpu/inside use, for a machine without Vitest. A failure is reported,
// and the other tests go on.

/** @typedef {{ name: string, run: () => unknown }} Test */
/** @type {Test[]} */
const tests = [];
/** @type {(() => unknown)[]} */
const before = [];
let prefix = "";

export function describe(name, body) {
  const outer = prefix;
  prefix = `${outer}${name}: `;
  body();
  prefix = outer;
}
describe.each = (rows) => (name, body) => {
  for (const row of rows) describe(name.replace("%s", String(row[0])), () => body(...row));
};
export const test = (name, run) => void tests.push({ name: prefix + name, run });
export const beforeAll = (run) => void before.push(run);

const fail = (message) => {
  throw new Error(message);
};
const text = (value) => JSON.stringify(value)?.slice(0, 500);

export const expect = (got, message = "") => ({
  toBe: (want) => Object.is(got, want) || fail(`${message}: got ${text(got)}, expected ${text(want)}`),
  toEqual: (want) => text(got) === text(want) || fail(`${message}: got ${text(got)}, expected ${text(want)}`),
});

/**
 * Runs the collected tests until the time is up.
 *
 * @param {number} seconds
 * @param {(failure: { test: string, problem: string }) => void} tell
 */
export async function runTests(seconds, tell) {
  const end = performance.now() + seconds * 1000;
  for (const run of before) await run();
  let passed = 0;
  let failed = 0;
  let left = 0;
  for (const { name, run } of tests) {
    if (performance.now() > end) {
      left++;
      continue;
    }
    try {
      await run();
      passed++;
    } catch (error) {
      failed++;
      tell({ test: name, problem: String(error).slice(0, 600) });
    }
  }
  return { passed, failed, left };
}

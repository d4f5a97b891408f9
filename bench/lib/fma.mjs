// Measures how fast a processor core multiplies and adds in its own vectors, as an upper limit for native code.
import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** Sums in registers: as many as hide the time that each takes. */
const SUMS = 24;
const ROUNDS = 80;

/** Something for each sum, whose values differ: what is equal would be computed once. */
const each = (/** @type {(name: string, i: number) => string} */ text) =>
  Array.from({ length: SUMS }, (_, i) => text(`s${i}`, i));

const source = (/** @type {number} */ bytes) => `#include <stdio.h>
#include <time.h>
typedef float V __attribute__((vector_size(${bytes})));
static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}
int main(void) {
  const long steps = 200000;
  V ${each((s, i) => `${s} = {${i}}`).join(", ")}, factor = {0}, term = {0};
  factor += 0.5f, term += 0.25f;
  double least = 1e9;
  for (int round = 0; round < ${ROUNDS}; round++) {
    const double start = now();
    for (long n = 0; n < steps; n++) {
${each((s) => `      ${s} = ${s} * factor + term;`).join("\n")}
    }
    const double time = now() - start;
    if (time < least) least = time;
  }
  const V total = ${each((s) => s).join(" + ")};
  printf("%g %g\\n", 2.0 * ${SUMS} * (sizeof(V) / 4) * steps / least / 1e9, total[0]);
  return 0;
}
`;

/**
 * Billions of operations per second on one thread, and on several at once.
 *
 * @param {number} bytes of a vector
 * @param {number} threads
 * @returns {Promise<{ one: number, all: number }>}
 */
export async function fmaRates(bytes, threads) {
  const folder = mkdtempSync(join(tmpdir(), "tidu-fma-"));
  try {
    const [text, program] = [join(folder, "fma.c"), join(folder, "fma")];
    writeFileSync(text, source(bytes));
    execFileSync(process.env.CC ?? "cc", ["-O3", "-march=native", "-ffp-contract=fast", "-o", program, text]);
    const run = async () => Number((await promisify(execFile)(program)).stdout.split(" ")[0]);
    const one = await run();
    const all = await Promise.all(Array.from({ length: threads }, run));
    return { one, all: all.reduce((sum, rate) => sum + rate, 0) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

// Shows what was measured on a card as tables.
import { jobs } from "./jobs.mjs";

/** @param {boolean} small */
export const ALL_JOBS = (small) => (small ? jobs() : jobs());
/** Programs that compile slowly are measured at few sizes. */
export const COMPILED_JOBS = (/** @type {boolean} */ small) =>
  small ? jobs() : jobs().filter(({ name, batch }) => batch === (name === "cifar" || name === "cnn" ? 256 : 64));

const number = (/** @type {any} */ x, digits = 3) =>
  typeof x === "number" && Number.isFinite(x) ? String(Number(x.toPrecision(digits))) : "–";

const grid = (/** @type {string[]} */ head, /** @type {string[][]} */ lines) =>
  [head, head.map(() => "---"), ...lines].map((line) => `| ${line.join(" | ")} |`).join("\n");

const unique = (/** @type {any[]} */ list) => [...new Set(list)];

/** @param {any[]} rows */
export function table(rows) {
  const of = (/** @type {string} */ section) => rows.filter((r) => r.section === section);
  const parts = [];
  for (const r of of("adapter")) parts.push(`Card: ${r.device}\n\nLimits: ${JSON.stringify(r.limits)}`);
  for (const r of of("checked"))
    parts.push(`Checks: ${r.passed} passed, ${r.failed} failed, ${r.left} left out for time (${number(r.seconds)} s)`);
  const failures = of("check");
  if (failures.length > 0)
    parts.push(
      failures
        .slice(0, 20)
        .map((r) => `- ${r.test}: ${r.problem.slice(0, 300)}`)
        .join("\n"),
    );
  const costs = of("costs");
  if (costs.length > 0)
    parts.push(
      grid(
        ["cost", "µs"],
        costs.map((r) => [r.what, number(r.microseconds)]),
      ),
    );
  const memory = of("memory");
  if (memory.length > 0)
    parts.push(
      grid(
        ["memory", "elements", "system", "ms", "GB/s"],
        memory.map((r) => [r.what, r.size, r.system ?? "Tidu", number(r.milliseconds), number(r.gigabytes)]),
      ),
    );
  const tiles = of("tiles").filter((r) => r.flags === undefined);
  for (const r of tiles)
    parts.push(
      grid(
        ["tile", "ns a step alone", "ns a step, many", "TFLOP/s"],
        r.tiles.map((/** @type {any} */ t) => [
          `${t.rows}×${t.columns}`,
          number(t.alone),
          number(t.shared),
          number((2 * t.rows * t.columns) / t.shared / 1000),
        ]),
      ),
    );
  const products = of("products");
  const systems = unique(products.map((r) => `${r.system}${r.flags === undefined ? "" : ", no robustness"}`));
  const speed = (/** @type {number} */ size, /** @type {string} */ system) =>
    products.find((r) => r.size === size && `${r.system}${r.flags === undefined ? "" : ", no robustness"}` === system);
  if (products.length > 0)
    parts.push(
      grid(
        ["product, TFLOP/s", ...systems],
        unique(products.map((r) => r.size)).map((size) => [
          String(size),
          ...systems.map((s) => number(speed(size, s)?.teraflops)),
        ]),
      ),
    );
  const steps = of("steps");
  const who = unique(steps.map((r) => r.system));
  const key = (/** @type {any} */ r) => `${r.workload}, ${r.batch}`;
  if (steps.length > 0)
    parts.push(
      grid(
        ["step, ms", ...who],
        unique(steps.map(key)).map((k) => [
          k,
          ...who.map((w) => {
            const r = steps.find((s) => key(s) === k && s.system === w);
            return r?.failed === undefined ? number(r?.milliseconds) : r.failed.slice(0, 40);
          }),
        ]),
      ),
    );
  for (const r of of("launches").filter((l) => l.flags === undefined)) {
    const slow = [...r.launches].sort((p, q) => q.milliseconds - p.milliseconds).slice(0, 14);
    const total = r.launches.reduce((/** @type {number} */ n, /** @type {any} */ l) => n + l.milliseconds, 0);
    parts.push(
      `${r.workload}, batch ${r.batch}: ${r.launches.length} launches, ${number(total)} ms\n\n${grid(
        ["µs", "groups", "TFLOP/s", "GB/s", "kernels"],
        slow.map((l) => [
          number(1000 * l.milliseconds),
          l.groups.join("×"),
          number(l.teraflops),
          number(l.gigabytes),
          l.kernels.slice(0, 120),
        ]),
      )}`,
    );
  }
  const ran = of("part");
  parts.push(
    grid(
      ["part", "s", "end"],
      ran.map((r) => [r.name, number(r.seconds), r.skipped ?? r.warning ?? r.failed ?? String(r.code ?? r.signal)]),
    ),
  );
  return `${parts.join("\n\n")}\n`;
}

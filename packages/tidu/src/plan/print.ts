// Plans as text, to read and to compare.
import type { Kernel } from "../compile/kernel.js";
import type { Axis } from "./axes.js";
import type { BlockPlan } from "./blocking.js";
import { planContraction } from "./contraction.js";
import { type NestPlan, planNest } from "./nest.js";
import type { Registers } from "./registers.js";
import type { Loop, TilePlan } from "./tile.js";
import type { Tiling } from "./tiling.js";

/** How a kernel runs on a machine with these registers, in one line. */
export function printPlan(kernel: Kernel, registers: Registers): string {
  const text = (): string => {
    if (kernel.kind === "line") return `${kernel.op.name} by code of its own`;
    if (kernel.kind === "loop") return kernel.steps.map((k) => `\n  ${printPlan(k, registers)}`).join("");
    if (kernel.kind !== "contract") return printNest(planNest(kernel));
    const plan = planContraction(kernel, registers);
    if (plan === undefined) return "contraction without vectors: one sum after the other";
    return plan.blocks === undefined ? printTile(plan.tile) : printBlocks(plan.blocks);
  };
  return `${kernel.kind} ${kernel.name} [${kernel.sizes.join(" ")}]: ${text()}`;
}

const axis = ({ axis, size }: Axis | Loop): string => `i${axis}<${size}`;
const list = (name: string, loops: readonly (Axis | Loop)[]): string[] =>
  loops.length === 0 ? [] : [`${name} ${loops.map(axis).join(" ")}`];

function printNest({ outer, inner, unrolled, lanes, inside, divisible, shared }: NestPlan): string {
  const parts = [
    ...list("loops", outer),
    ...list("combined", inner),
    ...list("written out", unrolled),
    ...(inside === undefined ? [] : [`inside all guards from ${inside.from} to ${inside.to}`]),
    lanes === "none" ? "no lanes" : `lanes along the last ${lanes === "outer" ? "loop" : "combined one"}`,
    shared ? `threads divide ${divisible === 0 ? "the lanes' loop" : divisible}` : "one thread",
  ];
  return parts.join(", ");
}

const cut = (loop: Loop | undefined, { size, count, last }: Tiling): string =>
  loop === undefined ? "1" : `${axis(loop)} by ${size}${last === size ? "" : `, last ${last}`} (${count})`;

function printTile(plan: TilePlan): string {
  const { form, lanes, rowLoop, rows, beside, columnLoop, columns, others, summed, parts } = plan;
  return [
    `in place, ${form} form along ${axis(lanes)}`,
    `rows ${cut(rowLoop, rows)}${beside === undefined ? "" : ` times ${axis(beside)}`}`,
    `columns ${cut(columnLoop, columns)}`,
    ...list("others", others),
    ...list("summed", summed),
    ...(parts.length === 0 ? [] : list("without padding", parts)),
  ].join(", ");
}

function printBlocks(plan: BlockPlan): string {
  const {
    rowLoop,
    rows,
    columnLoop,
    columns,
    both,
    rowOthers,
    columnOthers,
    blocks,
    inner,
    packRows,
    packColumns,
    stripe,
    group,
    panels,
    tiles,
  } = plan;
  return [
    `blocks of ${panels} panels and ${tiles} tiles`,
    `rows ${cut(rowLoop, rows)}${packRows ? ` copied${group > 1 ? `, ${group} tiles together` : ""}` : ""}`,
    `columns ${cut(columnLoop, columns)}${packColumns ? ` copied${stripe > 0 ? ` in stripes of ${stripe}` : ""}` : ""}`,
    ...list("both", both),
    ...list("rows' others", rowOthers),
    ...list("columns' others", columnOthers),
    ...list("one block after the other", blocks),
    ...list("summed", inner),
  ].join(", ");
}

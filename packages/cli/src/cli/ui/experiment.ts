import type { Comparison, Count, Finding, Measure, Result } from "../../experiment/index.js";
import { UNITS } from "../../experiment/units.js";
import { formatCount, formatFixed } from "../../text/numbers.js";
import { table } from "./table.js";

/** All numbers of a result, as tables. */
export function resultTables({ question, seeds, measures, comparisons, curves, counts, times }: Result): string {
  const parts = [
    `${question.en}\nseeds ${seeds.join(", ")}; mean and 95% confidence interval`,
    rows("measure", measures),
    differences(comparisons),
    ...curves.map(({ label, unit, x, points }) =>
      table([
        [`${label.en}, by ${x.label.en}`, "mean", "95% interval", ""],
        ...points.map((p) => [`  ${p.x} ${x.unit}`.trimEnd(), ...cells({ ...p, unit })]),
      ]),
    ),
    counts.length === 0 ? "" : table([["count", "", ""], ...counts.map(countRow)]),
    times === undefined ? "" : `${rows("time", times.measures)}\n(${times.machine})`,
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

const rows = (title: string, measures: readonly Measure[]): string =>
  measures.length === 0
    ? ""
    : table([
        [title, "mean", "95% interval", ""],
        ...measures.map(({ label, ...measure }) => [label.en, ...cells(measure)]),
      ]);

const SAYS: Readonly<Record<Finding, string>> = {
  more: "more",
  less: "less",
  alike: "alike",
  open: "not established",
};

/** Differences, the size from which on they would matter, and what both sets of seeds establish. */
const differences = (of: readonly Comparison[]): string =>
  of.length === 0
    ? ""
    : table([
        ["paired difference", "mean", "95% interval", "", "matters from", "both sets say"],
        ...of.map(({ label, matters, finding, ...measure }) => [
          label.en,
          ...cells(measure),
          String(matters),
          finding === null ? "–" : SAYS[finding],
        ]),
      ]);

const said = (unit: string): string => UNITS[unit]?.en ?? unit;

const cells = ({ mean, low, high, unit }: Pick<Measure, "mean" | "low" | "high" | "unit">): string[] => {
  const width = low === null || high === null ? Math.abs(mean) / 100 : high - low;
  const show = (x: number) => formatTo(x, width);
  return [show(mean), low === null || high === null ? "–" : `${show(low)} … ${show(high)}`, said(unit)];
};

/** With as many digits as an interval of that width justifies. */
export function formatTo(x: number, width: number): string {
  const digits = width > 0 ? Math.min(Math.max(1 - Math.floor(Math.log10(width)), 0), 8) : 3;
  return formatFixed(x, digits);
}

const countRow = ({ label, value, unit }: Count): string[] => [label.en, formatCount(value), said(unit)];

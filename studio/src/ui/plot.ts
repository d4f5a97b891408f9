// Curves on a canvas. What draws them is loaded with the first curve (chart.tsx), since no page needs it to be used.
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { colour } from "../app/theme.js";
import { type Curve, colourOf, dashOf } from "./curve.js";
import { formatNumber, formatPercent, powerOfTen } from "./format.js";
import { scaled } from "./text-size.js";
import { epochRange, logRange, logTicks, WHOLE_STEPS } from "./ticks.js";

/** What is shown. */
export interface Content {
  /** Whole numbers, such as epochs. */
  readonly x: readonly number[];
  readonly curves: readonly Curve[];
  /** A place of x that is marked. */
  readonly mark?: number;
}

/** What a plot keeps for as long as it is there. */
export interface Form {
  readonly xName: string;
  readonly height: number;
  readonly range?: readonly [number, number];
  readonly percent: boolean;
  readonly logarithmic: boolean;
}

/** A plot that fills the width of an element. */
export class Plot {
  readonly #form: Form;
  readonly #own: uPlot;
  readonly #watch: ResizeObserver;
  #mark: number | undefined;

  /** @param point gets the place among the curves' values that the pointer is at, or undefined. */
  constructor(element: HTMLElement, form: Form, content: Content, point: (place: number | undefined) => void) {
    const { xName, height, range, percent, logarithmic } = form;
    this.#form = form;
    this.#mark = content.mark;
    this.#own = new uPlot(
      {
        width: element.clientWidth || 300,
        height,
        cursor: { y: false },
        legend: { show: false },
        scales: {
          x: { time: false, range: (_plot, low, high) => epochRange(low, high) },
          y: logarithmic
            ? { distr: 3, range: (_plot, low, high) => logRange(low, high) }
            : { range: range && [...range] },
        },
        axes: [across(xName), up(logarithmic, percent)],
        series: [{ label: xName }, ...content.curves.map(seriesOf)],
        hooks: {
          draw: [(own) => drawMark(own, this.#mark)],
          setCursor: [({ cursor: { idx } }) => point(idx ?? undefined)],
        },
      },
      dataOf(content, logarithmic),
      element,
    );
    this.#watch = new ResizeObserver(() => this.#own.setSize({ width: element.clientWidth, height }));
    this.#watch.observe(element);
  }

  /** Shows other values of the same curves. */
  show(content: Content): void {
    this.#mark = content.mark;
    this.#own.setData(dataOf(content, this.#form.logarithmic));
  }

  end(): void {
    this.#watch.disconnect();
    this.#own.destroy();
  }
}

function dataOf({ x, curves }: Content, logarithmic: boolean): uPlot.AlignedData {
  // There is no place for 0 on a logarithmic scale.
  const shown = (value: number | null) => (logarithmic && value !== null && value <= 0 ? null : value);
  return [[...x], ...curves.map(({ values }) => values.map(shown))];
}

const font = (): string => `${scaled(12)}px system-ui, sans-serif`;

/** An axis's numbers are written as all others are. */
const axis = (more: uPlot.Axis, write: (value: number) => string = formatTick): uPlot.Axis => ({
  stroke: colour("--quiet"),
  font: font(),
  gap: scaled(5),
  grid: { stroke: colour("--hair"), width: 1, filter: (_plot, splits) => splits },
  ticks: { stroke: colour("--hair"), width: 1, filter: (_plot, splits) => splits },
  // A logarithmic axis would leave out those that are not powers of ten.
  filter: (_plot, splits) => splits,
  values: (_plot, splits) => splits.map(write),
  ...more,
});

/** Powers of ten as such from 10,000 on. */
const formatTick = (value: number): string => {
  const power = Math.log10(value);
  return Number.isInteger(power) && Math.abs(power) > 3 ? powerOfTen(power) : formatNumber(value);
};

const across = (label: string): uPlot.Axis =>
  axis({
    label,
    labelSize: scaled(16),
    labelFont: font(),
    size: scaled(32),
    space: scaled(50),
    incrs: [...WHOLE_STEPS],
  });

const up = (logarithmic: boolean, percent: boolean): uPlot.Axis =>
  axis(
    {
      size: scaled(52),
      space: scaled(30),
      ...(logarithmic ? { splits: (_plot, _axis, low, high) => logTicks([low, high]) } : {}),
    },
    percent ? (share) => formatPercent(share, 0) : undefined,
  );

function drawMark({ ctx, bbox, valToPos }: uPlot, mark: number | undefined): void {
  if (mark === undefined) return;
  const at = Math.round(valToPos(mark, "x", true));
  if (at < bbox.left || at > bbox.left + bbox.width) return;
  ctx.save();
  ctx.strokeStyle = colour("--accent");
  ctx.lineWidth = 2 * devicePixelRatio;
  ctx.beginPath();
  ctx.moveTo(at, bbox.top);
  ctx.lineTo(at, bbox.top + bbox.height);
  ctx.stroke();
  ctx.restore();
}

const seriesOf = (curve: Curve, place: number): uPlot.Series => {
  const dash = dashOf(curve, place);
  return {
    label: curve.name,
    stroke: colour(colourOf(curve, place)),
    width: curve.thin ? 1 : 2,
    dash: dash && [...dash],
    spanGaps: true,
    // One value alone makes no line.
    points: { show: ({ data }, series) => Array.from(data[series]).filter((v) => typeof v === "number").length === 1 },
  };
};

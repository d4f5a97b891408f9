import { useEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { colour, colours } from "../app/theme.js";
import { formatNumber, formatPercent, powerOfTen } from "./format.js";
import { logTicks, WHOLE_STEPS } from "./ticks.js";

/** One curve: a value (or null for a gap) at each place of the chart's x. */
export interface Curve {
  readonly name: string;
  readonly values: readonly (number | null)[];
  readonly dashed?: boolean;
  /** In the background. */
  readonly thin?: boolean;
  /** Number of its color, from 0; default its place among the curves. */
  readonly series?: number;
  /** A color of the theme by its meaning, such as "--train"; default that of `series`. */
  readonly colour?: string;
}

interface ChartProps {
  /** What is to be seen, in words. */
  readonly label: string;
  /** Whole numbers, such as epochs. */
  readonly x: readonly number[];
  readonly xName: string;
  readonly curves: readonly Curve[];
  readonly height?: number;
  /** Smallest and largest value that is shown; default: all. */
  readonly range?: readonly [number, number];
  /** Whether values are shares. */
  readonly percent?: boolean;
  readonly logarithmic?: boolean;
  /** A place of x that is marked. */
  readonly mark?: number;
}

/** Custom properties of the theme: colors that can be told apart with any kind of color vision. */
export const SERIES = ["--series-1", "--series-2", "--series-3", "--series-4", "--series-5", "--series-6"] as const;
const DASHES: readonly (readonly number[] | undefined)[] = [undefined, [6, 4], [2, 3]];

/** Curves that may grow while they are looked at. Those without a value have no place in the legend. */
export function Chart({ curves: given, ...props }: ChartProps) {
  const placed = given.map((curve, i) => ({ series: i, ...curve }));
  const known = placed.filter(({ values }) => values.some((value) => value !== null));
  return <Drawn curves={known.length === 0 ? placed : known} {...props} />;
}

function Drawn({
  label,
  x,
  xName,
  curves,
  height = 200,
  range,
  percent = false,
  logarithmic = false,
  mark,
}: ChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const marked = useRef(mark);
  marked.current = mark;
  const [place, setPlace] = useState<number | undefined>(undefined);
  const look = colours.value;
  const names = curves.map(({ name, dashed = false }) => `${name}${dashed}`).join("\n");
  const [low, high] = range ?? [];

  // A plot is made anew when its form changes, not its values.
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const made = new uPlot(
      {
        width: element.clientWidth || 300,
        height,
        cursor: { y: false },
        legend: { show: false },
        scales: {
          x: { time: false },
          y: { distr: logarithmic ? 3 : 1, ...(low === undefined || high === undefined ? {} : { range: [low, high] }) },
        },
        axes: [across(xName), up(logarithmic, percent)],
        series: [{ label: xName }, ...curves.map(seriesOf)],
        hooks: {
          draw: [(own) => drawMark(own, marked.current)],
          setCursor: [({ cursor: { idx } }) => setPlace(idx ?? undefined)],
        },
      },
      dataOf(x, curves, logarithmic),
      element,
    );
    plot.current = made;
    const watch = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    watch.observe(element);
    return () => {
      watch.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [names, look, height, low, high, percent, logarithmic, xName]);

  useEffect(() => {
    plot.current?.setData(dataOf(x, curves, logarithmic));
  }, [x, curves, mark]);

  return (
    <div class="chart">
      <div ref={host} role="img" aria-label={label} />
      <Legend curves={curves} place={place} write={percent ? formatPercent : formatNumber} />
    </div>
  );
}

interface LegendProps {
  readonly curves: readonly Curve[];
  readonly place: number | undefined;
  readonly write: (value: number) => string;
}

/** Each curve's own line, its name, and its value under the pointer. */
const Legend = ({ curves, place, write }: LegendProps) => (
  <ul class="legend">
    {curves.map((curve, i) => {
      const value = place === undefined ? undefined : curve.values[place];
      return (
        <li key={curve.name}>
          <Key curve={curve} place={i} /> {curve.name}
          {place !== undefined && typeof value === "number" && <span class="legend-value">{write(value)}</span>}
        </li>
      );
    })}
  </ul>
);

function Key({ curve, place }: { readonly curve: Curve; readonly place: number }) {
  const dash = dashOf(curve, place);
  return (
    <svg class="key" viewBox="0 0 24 8" aria-hidden="true">
      <line
        x1="0"
        y1="4"
        x2="24"
        y2="4"
        stroke={`var(${colourOf(curve, place)})`}
        stroke-width={curve.thin ? 1 : 2}
        stroke-dasharray={dash?.join(" ")}
      />
    </svg>
  );
}

function dataOf(x: readonly number[], curves: readonly Curve[], logarithmic: boolean): uPlot.AlignedData {
  // There is no place for 0 on a logarithmic scale.
  const shown = (value: number | null) => (logarithmic && value !== null && value <= 0 ? null : value);
  return [[...x], ...curves.map(({ values }) => values.map(shown))];
}

/** An axis's numbers are written as all others are. */
const axis = (more: uPlot.Axis, write: (value: number) => string = formatTick): uPlot.Axis => ({
  stroke: colour("--quiet"),
  font: "12px system-ui, sans-serif",
  grid: { stroke: colour("--hair"), width: 1, filter: (_plot, splits) => splits },
  ticks: { stroke: colour("--hair"), width: 1, filter: (_plot, splits) => splits },
  // A logarithmic axis would leave out those that are no powers of ten.
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
  axis({ label, labelSize: 16, labelFont: "12px system-ui, sans-serif", size: 32, incrs: [...WHOLE_STEPS] });

const up = (logarithmic: boolean, percent: boolean): uPlot.Axis =>
  axis(
    { size: 52, ...(logarithmic ? { splits: (_plot, _axis, low, high) => logTicks([low, high]) } : {}) },
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

const numberOf = ({ series }: Curve, place: number): number => series ?? place;
const colourOf = (curve: Curve, place: number): string =>
  curve.colour ?? SERIES[numberOf(curve, place) % SERIES.length];

/** Where colors come again, dashes tell. */
const dashOf = (curve: Curve, place: number): readonly number[] | undefined =>
  DASHES[
    (curve.colour === undefined ? Math.floor(numberOf(curve, place) / SERIES.length) : 0) + (curve.dashed ? 1 : 0)
  ];

const seriesOf = (curve: Curve, place: number): uPlot.Series => {
  const dash = dashOf(curve, place);
  return {
    label: curve.name,
    stroke: colour(colourOf(curve, place)),
    width: curve.thin ? 1 : 2,
    dash: dash && [...dash],
    spanGaps: true,
    // One value alone makes no line.
    // One value alone makes no line.
    points: { show: ({ data }, series) => Array.from(data[series]).filter((v) => typeof v === "number").length === 1 },
  };
};

import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { colour, colours } from "../app/theme.js";

/** One curve: a value (or null for a gap) at each place of the chart's x. */
export interface Curve {
  readonly name: string;
  readonly values: readonly (number | null)[];
  readonly dashed?: boolean;
  /** Number of its colour, from 0; default its place among the curves. */
  readonly series?: number;
}

interface ChartProps {
  /** What is to be seen, in words. */
  readonly label: string;
  readonly x: readonly number[];
  readonly xName: string;
  readonly curves: readonly Curve[];
  readonly height?: number;
  /** Smallest and largest value that is shown; default: all. */
  readonly range?: readonly [number, number];
  readonly logarithmic?: boolean;
}

/** Custom properties of the theme: colours that can be told apart with any kind of colour vision. */
export const SERIES = ["--series-1", "--series-2", "--series-3", "--series-4", "--series-5", "--series-6"] as const;
const DASHES: readonly (readonly number[] | undefined)[] = [undefined, [6, 4], [2, 3]];

/** Curves that may grow while they are looked at. */
export function Chart({ label, x, xName, curves, height = 200, range, logarithmic = false }: ChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
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
        legend: { live: true },
        scales: {
          x: { time: false },
          y: { distr: logarithmic ? 3 : 1, ...(low === undefined || high === undefined ? {} : { range: [low, high] }) },
        },
        axes: [axis(xName), axis()],
        series: [{ label: xName }, ...curves.map(seriesOf)],
      },
      dataOf(x, curves),
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
  }, [names, look, height, low, high, logarithmic, xName]);

  useEffect(() => {
    plot.current?.setData(dataOf(x, curves));
  }, [x, curves]);

  return <div ref={host} class="chart" role="img" aria-label={label} />;
}

const dataOf = (x: readonly number[], curves: readonly Curve[]): uPlot.AlignedData => [
  [...x],
  ...curves.map(({ values }) => [...values]),
];

const axis = (label?: string): uPlot.Axis => ({
  stroke: colour("--ink"),
  grid: { stroke: colour("--line"), width: 0.5 },
  ticks: { stroke: colour("--line"), width: 0.5 },
  ...(label === undefined ? {} : { label, labelSize: 18, size: 34 }),
});

const seriesOf = ({ name, dashed = false, series }: Curve, place: number): uPlot.Series => {
  const number = series ?? place;
  // Where colours come again, dashes tell.
  const dash = DASHES[Math.floor(number / SERIES.length) + (dashed ? 1 : 0)];
  return {
    label: name,
    stroke: colour(SERIES[number % SERIES.length]),
    width: 2,
    dash: dash && [...dash],
    spanGaps: true,
    // One value alone makes no line.
    points: { show: (_plot, _series, from, to) => from === to },
  };
};

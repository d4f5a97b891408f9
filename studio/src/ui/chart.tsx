// Curves with their legend. The plot itself comes with the first value; until then its place is kept free.
import { signal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { colours } from "../app/theme.js";
import { t } from "../i18n/words.js";
import { type Curve, colourOf, dashOf } from "./curve.js";
import { formatNumber, formatPercent } from "./format.js";
import { followSight, keepPainted } from "./painting.js";
import type { Content, Form, Plot } from "./plot.js";
import { scaled } from "./text-size.js";
import w from "./ui.words.js";

interface ChartProps extends Content, Partial<Omit<Form, "height">> {
  /** Pixels at the usual size of text; default 200. */
  readonly height?: number;
  /** What is to be seen, in words. */
  readonly label: string;
  readonly xName: string;
}

/** What draws plots, once a page has curves; or that it did not come. */
const drawing = signal<typeof import("./plot.js") | "none" | undefined>(undefined);

async function loadDrawing(): Promise<void> {
  drawing.value = await import("./plot.js").catch(() => "none" as const);
}

/** Curves that may grow while they are looked at. Those without a value have no place in the legend. */
export function Chart({ curves: given, ...props }: ChartProps) {
  const placed = given.map((curve, i) => ({ series: i, ...curve }));
  const known = placed.filter(({ values }) => values.some((value) => value !== null));
  return <Drawn curves={known.length === 0 ? placed : known} isEmpty={known.length === 0} {...props} />;
}

function Drawn({
  label,
  x,
  xName,
  curves,
  isEmpty,
  height = 200,
  range,
  percent = false,
  logarithmic = false,
  mark,
}: ChartProps & { readonly isEmpty: boolean }) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<Plot | null>(null);
  const [place, setPlace] = useState<number | undefined>(undefined);
  const tall = scaled(height);
  const look = colours.value;
  const names = curves.map(({ name, dashed = false }) => `${name}${dashed}`).join("\n");
  const [low, high] = range ?? [];
  const means = drawing.value;

  useEffect(() => {
    if (!isEmpty && drawing.peek() === undefined) loadDrawing();
  }, [isEmpty]);

  // A plot is made anew when its form changes, not its values.
  useEffect(() => {
    if (host.current === null || isEmpty || means === undefined || means === "none") return;
    const form = { xName, height: tall, range, percent, logarithmic };
    const made = new means.Plot(host.current, form, { x, curves, mark }, setPlace);
    plot.current = made;
    return () => {
      made.end();
      plot.current = null;
    };
  }, [means, isEmpty, names, look, tall, low, high, percent, logarithmic, xName]);

  useEffect(() => followSight(host.current as HTMLDivElement), []);
  useEffect(
    () => keepPainted(host.current as HTMLDivElement, () => plot.current?.show({ x, curves, mark })),
    [x, curves, mark],
  );

  return (
    <div class="chart">
      <div ref={host} role="img" aria-label={label} style={{ height: `${tall}px` }} />
      {means === "none" && <p class="error">{t(w.noPlot)}</p>}
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

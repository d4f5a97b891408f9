// Draws the plane of the data with what the network says of it.
import { computed, signal } from "@preact/signals";
import { useMemo, useRef } from "preact/hooks";
import { colour } from "../app/theme.js";
import type { Range } from "../engine/data.js";
import type { Pictures } from "../engine/protocol.js";
import { t } from "../i18n/words.js";
import { contour } from "../ui/contours.js";
import { formatCompact, formatExact, formatFigures } from "../ui/format.js";
import { Name } from "../ui/name.js";
import { type Context, copy, Paint, painted } from "../ui/paint.js";
import { blend, divergingAt, fillFields, type Palette, type Pixel, palette, rgb, shade } from "../ui/pixels.js";
import { isPhone } from "../ui/screen.js";
import { scaled, textScale } from "../ui/text-size.js";
import { useSize } from "../ui/use-size.js";
import { FINER, finer } from "./finer.js";
import { colourOfClass, drawPoint, inkOfClass, pathOfPoint } from "./marks.js";
import { nameOfInput } from "./network/column.js";
import w from "./playground.words.js";
import { frame, inspected, isRegression, own, probe, run, setProbe, settings } from "./state.js";

/** The plane that is shown reaches from -REACH to REACH. */
const REACH = 1.25;
/** Pixels around it. Numbers of the axes stand left of it and below, where there is room for them. */
const MARGIN = 6;
const left = (): number => scaled(26);
const below = (): number => scaled(18);
/** The field is paler than the points on it. */
const FIELD = 0.6;

/** What is learned: numbers, or so many classes. */
interface Look {
  readonly regression: boolean;
  readonly classes: number;
}

const showTest = signal(false);
const discretise = signal(false);

/** The plane as the network divides it, or what number it gives there. */
export function Plane() {
  const host = useRef<HTMLDivElement>(null);
  const { width } = useSize(host);
  const classes = run.value.classes.value;
  return (
    <figure class="panel plane" aria-labelledby="plane">
      <h2 id="plane">{t(w.plane)}</h2>
      <div class="plane-view" ref={host}>
        {width > 0 && <Picture size={width} />}
      </div>
      <figcaption>
        <Key classes={classes} />
        {!isPhone.value && <Toggles />}
      </figcaption>
    </figure>
  );
}

export const Toggles = () => (
  <span class="toggles">
    <label>
      <input
        type="checkbox"
        checked={showTest.value}
        onChange={(event) => (showTest.value = event.currentTarget.checked)}
      />{" "}
      {t(w.showTest)}
    </label>
    <label>
      <input
        type="checkbox"
        checked={discretise.value}
        onChange={(event) => (discretise.value = event.currentTarget.checked)}
      />{" "}
      {t(w.discretise)}
    </label>
  </span>
);

/** What form and color mean. */
function Key({ classes }: { readonly classes: number | undefined }) {
  if (isRegression.value) {
    const { target } = own.value ?? {};
    return (
      <span class="key-row">
        {target && <Name of={`${target.name}:`} />}
        {target ? formatExact(target.low) : t(w.negative)} <span class="ramp" />{" "}
        {target ? formatExact(target.high) : t(w.positive)}
      </span>
    );
  }
  const names = own.value?.classes;
  if (settings.value.data === "table" && names === undefined) return null;
  return (
    <span class="key-row">
      {Array.from({ length: classes ?? 2 }, (_, i) => (
        <span key={i}>
          <svg width="12" height="12" aria-hidden="true">
            <path d={pathOfPoint(6, 6, i, 4.5)} fill={inkOfClass(i, classes ?? 2)} />
          </svg>
          {settings.value.data === "table" ? <Name of={names?.[i] ?? ""} /> : t(i === 0 ? w.class0 : w.class1)}
        </span>
      ))}
    </span>
  );
}

function Picture({ size }: { readonly size: number }) {
  const regression = isRegression.value;
  const classes = run.value.classes.value ?? 0;
  const [side, height] = [size - left() - MARGIN, size - left() + below()];
  const at = (value: number) => ((value / REACH + 1) / 2) * side;
  // What stays as it is while a network learns is painted once, and then copied.
  const still = useMemo(
    () =>
      computed(() =>
        painted(size, height, (context) => {
          drawAxes(context, side);
          context.translate(left(), MARGIN);
          clipTo(context, side);
          const { test, train } = run.value.points.value ?? {};
          if (showTest.value && test) drawPoints(context, test, at, side, regression, classes, true);
          if (train) drawPoints(context, train, at, side, regression, classes, false);
        }),
      ),
    [size, regression, classes, textScale.value],
  );
  const paint = (context: CanvasRenderingContext2D): void => {
    context.fillStyle = colour("--paper");
    context.fillRect(0, 0, size, height);
    context.save();
    context.translate(left(), MARGIN);
    const { boundary } = frame.value ?? {};
    if (boundary !== undefined) {
      // What a network says of levels jumps from one to the next.
      const fine = finer(boundary, settings.value.input === "levels" ? 1 : FINER);
      drawField(context, fine, side, { regression, classes });
      drawContours(context, fine, side, { regression, classes });
    }
    context.restore();
    copy(context, still.value);
    context.translate(left(), MARGIN);
    clipTo(context, side);
    if (inspected.value !== undefined) drawProbe(context, at(probe.value[0]), at(-probe.value[1]));
  };
  return (
    // The inspector's numbers are those of the place that is pressed; another way to it is not needed to use them.
    // biome-ignore lint/a11y/useKeyWithClickEvents: see above
    // biome-ignore lint/a11y/noStaticElementInteractions: see above
    <div
      onClick={(event) => {
        const part = (v: number) => Math.max(-1, Math.min(1, (2 * v) / side - 1)) * REACH;
        setProbe([part(event.offsetX - left()), -part(event.offsetY - MARGIN)]);
      }}
    >
      <Paint
        label={t(regression ? w.planeNumbersLabel : w.planeLabel)}
        width={size}
        height={height}
        paint={paint}
        opaque
      />
    </div>
  );
}

function clipTo(context: Context, side: number): void {
  context.beginPath();
  context.rect(0, 0, side, side);
  context.clip();
}

function drawAxes(context: Context, side: number): void {
  context.fillStyle = colour("--quiet");
  context.font = `${scaled(12)}px system-ui, sans-serif`;
  const [across, under, middleOfLine] = [left(), MARGIN + side + scaled(14), scaled(4)];
  const at = (value: number) => ((value / REACH + 1) / 2) * side;
  const table = own.value;
  if (settings.value.data === "table" && table === undefined) return;
  for (const value of [-1, 0, 1]) {
    context.textAlign = "center";
    context.fillText(axisText(table?.ranges?.[0], value), across + at(value), under);
    context.textAlign = "right";
    context.fillText(axisText(table?.ranges?.[1], value), across - 5, MARGIN + at(-value) + middleOfLine, across - 5);
  }
  const [x, y] = table ? [nameOfInput(0), table.columns?.[1] ?? ""] : ["x", "y"];
  context.textAlign = "center";
  // Between two numbers, as wide as they are.
  const widthOf = (value: number) => context.measureText(axisText(table?.ranges?.[0], value)).width;
  const room = Math.max(8, at(1) - at(0) - (widthOf(0) + widthOf(1)) / 2 - scaled(12));
  const middle = at(0.5) + (widthOf(0) - widthOf(1)) / 4;
  context.font = `italic ${scaled(13)}px system-ui, sans-serif`;
  context.fillText(x, across + middle, under, room);
  context.save();
  context.translate(across - scaled(8), MARGIN + at(-0.5));
  if (y.length > 1) context.rotate(-Math.PI / 2);
  context.fillText(y, 0, middleOfLine, side / 2 - scaled(48));
  context.restore();
}

/** A number of an axis: of a table's column in its own unit. */
const axisText = (range: Range | undefined, at: number): string =>
  formatShort(range === undefined ? at : range.low + ((at + 1) / 2) * (range.high - range.low));

/** Room beside the plane is short. */
const formatShort = (value: number): string =>
  Math.abs(value) < 10_000 ? formatFigures(value, 3) : formatCompact(value);

function drawField(context: CanvasRenderingContext2D, fine: Pictures, side: number, look: Look): void {
  const { width, height, count, values } = fine;
  const { regression, classes } = look;
  const paper = rgb(colour("--paper"));
  const cells = width * height;
  const colours = Array.from({ length: classes }, (_, i) => rgb(colourOfClass(i, classes)));
  const rough = discretise.value;
  const fill = (pixels: Uint32Array): void => {
    if (count === 1) return shade(pixels, values, coloursOf(paper, regression, rough), 1);
    for (let i = 0; i < pixels.length; i++) {
      const best = bestOf(values, cells, i);
      const share = rough ? 0.8 : Math.min(1, Math.exp(values[best * cells + i]));
      pixels[i] = blend(paper, colours[best] ?? paper, FIELD * share);
    }
  };
  fillFields(context, [0, 0, side, side], width, height, fill, !rough);
}

/** Colors that are told apart, and how far numbers, or logarithms of how likely, are told apart by color. */
const STEPS = 512;
const [MOST_NUMBER, MOST_ODDS] = [1, 8];

/** The colors of a field's number; or, of two classes, of the share of class 1 less that of class 0. */
function coloursOf(paper: Pixel, regression: boolean, rough: boolean): Palette {
  return palette(STEPS, regression ? MOST_NUMBER : MOST_ODDS, (given) => {
    const value = regression ? given : Math.tanh(given / 2);
    return divergingAt(paper, FIELD * (rough ? Math.sign(value) * 0.7 : value));
  });
}

/** The likeliest class of a field. */
function bestOf(values: Float32Array, cells: number, i: number): number {
  let best = 0;
  for (let label = 1; label * cells < values.length; label++)
    if (values[label * cells + i] > values[best * cells + i]) best = label;
  return best;
}

/** Lines of a number, or of the probability of class 1. */
const NUMBERS = [-0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75];
const ODDS = [0.1, 0.3, 0.5, 0.7, 0.9].map((share) => Math.log(share / (1 - share)));

/** Thin lines for equal values, a strong one for the decision. */
function drawContours(context: CanvasRenderingContext2D, fine: Pictures, side: number, { regression }: Look): void {
  const { width, height, count, values } = fine;
  // Values stand in the middle of their fields.
  const at = (n: number, of: number) => ((n + 0.5) / of) * side;
  const draw = (own: Float32Array, level: number): void => {
    context.strokeStyle = colour("--ink");
    context.globalAlpha = level === 0 ? 0.85 : 0.22;
    context.lineWidth = level === 0 ? 2 : 1;
    context.beginPath();
    for (const line of contour(own, width, height, level)) {
      context.moveTo(at(line[0], width), at(line[1], height));
      for (let i = 2; i < line.length; i += 2) context.lineTo(at(line[i], width), at(line[i + 1], height));
    }
    context.stroke();
  };
  if (count === 1) for (const level of regression ? NUMBERS : ODDS) draw(values, level);
  else for (const lead of leadsOf(values, width * height)) draw(lead, 0);
  context.globalAlpha = 1;
}

/** By how much each class is ahead of the likeliest other. */
function leadsOf(values: Float32Array, cells: number): readonly Float32Array[] {
  const leads = Array.from({ length: values.length / cells }, () => new Float32Array(cells));
  for (let i = 0; i < cells; i++) {
    let [best, next] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let at = i; at < values.length; at += cells) {
      next = Math.max(next, Math.min(best, values[at]));
      best = Math.max(best, values[at]);
    }
    leads.forEach((lead, label) => {
      const own = values[label * cells + i];
      lead[i] = own - (own === best ? next : best);
    });
  }
  return leads;
}

function drawPoints(
  context: Context,
  points: Float32Array,
  at: (value: number) => number,
  side: number,
  regression: boolean,
  classes: number,
  hollow: boolean,
): void {
  const size = Math.max(2.5, Math.min(5, side / 80));
  for (let i = 0; i < points.length; i += 3) {
    drawPoint(context, at(points[i]), at(-points[i + 1]), points[i + 2], regression, size, { hollow, classes });
  }
}

function drawProbe(context: CanvasRenderingContext2D, x: number, y: number): void {
  context.strokeStyle = colour("--ink");
  context.lineWidth = 2;
  context.beginPath();
  context.arc(x, y, 7, 0, 2 * Math.PI);
  context.moveTo(x - 12, y);
  context.lineTo(x - 3, y);
  context.moveTo(x + 3, y);
  context.lineTo(x + 12, y);
  context.moveTo(x, y - 12);
  context.lineTo(x, y - 3);
  context.moveTo(x, y + 3);
  context.lineTo(x, y + 12);
  context.stroke();
}

import { colour } from "../app/theme.js";
import type { Pictures } from "../engine/protocol.js";
import { t } from "../i18n/words.js";
import { Figure } from "../ui/figure.js";
import { Paint } from "../ui/paint.js";
import { diverging, fillTiles, type Place, rgb } from "../ui/pixels.js";
import w from "./playground.words.js";
import { frame, settings } from "./state.js";

/** A unit with the space around it, as long as there are few; many share the height of so many. */
const ROW = 42;
const FEW = 16;
const COLUMN = 96;
const TOP = 20;

/** x and y themselves, as two units. */
const INPUTS: Pictures = {
  width: 2,
  height: 2,
  count: 2,
  values: Float32Array.of(-1, 1, -1, 1, 1, 1, -1, -1),
};

/** Every unit's answer to every place of the plane, and the weights between units: a picture for each layer. */
export function Neurons() {
  const layers = frame.value?.layers ?? [];
  const columns = [INPUTS, ...layers.map(({ responses }) => responses)];
  const most = Math.max(...columns.map((units) => units?.count ?? 0));
  const height = TOP + ROW * Math.min(FEW, most);
  return (
    <Figure title={t(w.neurons)} caption={t(w.neuronsCaption)}>
      <div class="neurons">
        {columns.map((units, i) => (
          <Column
            key={i}
            name={i === 0 ? "x, y" : `${i} ${settings.value.layers[i - 1]?.kind}`}
            units={units}
            weights={layers[i]?.weights}
            next={columns[i + 1]}
            height={height}
          />
        ))}
      </div>
    </Figure>
  );
}

interface ColumnProps {
  readonly name: string;
  readonly units: Pictures | undefined;
  /** What leads to the next column's units. */
  readonly weights: Pictures | undefined;
  readonly next: Pictures | undefined;
  readonly height: number;
}

/** The units of a layer, with the lines to those of the next. */
function Column({ name, units, weights, next, height }: ColumnProps) {
  const count = units?.count ?? 0;
  const paint = (context: CanvasRenderingContext2D): void => {
    if (weights?.width === count && next !== undefined) drawWeights(context, weights, next.count, height);
    if (units !== undefined) drawUnits(context, units, height);
    context.font = "11px system-ui, sans-serif";
    context.fillStyle = colour("--ink");
    context.fillText(name, 0, 12);
  };
  return <Paint label={t(w.unitsLabel, name, count)} width={COLUMN} height={height} paint={paint} />;
}

/** Of units of a column: from one to the next, the side of a picture, and where each begins. */
const rowOf = (count: number): number => ROW * Math.min(1, FEW / count);
const sideOf = (count: number): number => 0.8 * rowOf(count);
const topOf = (unit: number, count: number, height: number): number =>
  TOP + (height - TOP - rowOf(count) * count) / 2 + rowOf(count) * unit;
const middleOf = (unit: number, count: number, height: number): number =>
  topOf(unit, count, height) + sideOf(count) / 2;

function drawUnits(context: CanvasRenderingContext2D, units: Pictures, height: number): void {
  const { width, height: rows, count, values } = units;
  const shade = diverging(rgb(colour("--paper")));
  const largest = largestOf(values);
  context.strokeStyle = colour("--line");
  const side = sideOf(count);
  const places = Array.from({ length: count }, (_, unit): Place => [0, topOf(unit, count, height), side, side]);
  fillTiles(context, places, width, rows, (i) => shade(values[i] / largest), true);
  for (const place of places) context.strokeRect(...place);
}

/**
 * Lines to the units of the next column, of which each may have several weights (maxout's pieces). One by one and without
 * dashes, which is how browsers draw lines fastest: dashes take twice as long, one path of all lines several times as long.
 */
function drawWeights(context: CanvasRenderingContext2D, weights: Pictures, units: number, height: number): void {
  const { width: from, height: rows, values } = weights;
  const largest = largestOf(values);
  const [low, high] = [colour("--low"), colour("--high")];
  values.forEach((value, i) => {
    context.strokeStyle = value < 0 ? low : high;
    context.lineWidth = 0.25 + (3 * Math.abs(value)) / largest;
    context.beginPath();
    context.moveTo(sideOf(from), middleOf(i % from, from, height));
    context.lineTo(COLUMN, middleOf(Math.floor((Math.floor(i / from) * units) / rows), units, height));
    context.stroke();
  });
  context.lineWidth = 1;
}

const largestOf = (values: Float32Array): number => values.reduce((most, v) => Math.max(most, Math.abs(v)), 1e-9);

import { colour } from "../app/theme.js";
import type { LayerFrame, Pictures } from "../engine/protocol.js";
import { t } from "../i18n/words.js";
import { Figure } from "../ui/figure.js";
import { Paint } from "../ui/paint.js";
import { diverging, fillFields, type Rgb, rgb } from "../ui/pixels.js";
import w from "./playground.words.js";
import { frame, settings } from "./state.js";

const UNIT = 34;
const ROW = UNIT + 8;
const COLUMN = UNIT + 62;
const TOP = 20;

/** Every unit's answer to every place of the plane, and the weights between units. */
export function Neurons() {
  const layers = frame.value?.layers ?? [];
  const most = Math.max(2, ...layers.map(({ responses }) => responses?.count ?? 0));
  const [width, height] = [COLUMN * (layers.length + 1), TOP + ROW * most];
  const paint = (context: CanvasRenderingContext2D): void => {
    const shade = diverging(rgb(colour("--paper")));
    context.font = "11px system-ui, sans-serif";
    const columns = [inputs, ...layers.map(({ responses }) => responses)];
    layers.forEach((layer, i) => drawWeights(context, layer, i, columns[i]?.count ?? 0, height));
    columns.forEach((units, i) => {
      context.fillStyle = colour("--ink");
      context.fillText(i === 0 ? "x, y" : (settings.value.layers[i - 1]?.kind ?? ""), COLUMN * i, 12);
      if (units !== undefined) drawUnits(context, units, i, height, shade);
    });
  };
  return (
    <Figure title={t(w.neurons)} caption={t(w.neuronsCaption)}>
      <Paint label={t(w.neuronsLabel)} width={width} height={height} paint={paint} />
    </Figure>
  );
}

/** x and y themselves, as two units. */
const inputs: Pictures = {
  width: 2,
  height: 2,
  count: 2,
  values: Float32Array.of(-1, 1, -1, 1, 1, 1, -1, -1),
};

const top = (unit: number, count: number, height: number): number =>
  TOP + (height - TOP - ROW * count) / 2 + ROW * unit;

function drawUnits(
  context: CanvasRenderingContext2D,
  { width, height: rows, count, values }: Pictures,
  column: number,
  height: number,
  shade: (value: number) => Rgb,
): void {
  const size = width * rows;
  const largest = values.reduce((most, v) => Math.max(most, Math.abs(v)), 1e-9);
  context.strokeStyle = colour("--line");
  context.lineWidth = 1;
  for (let unit = 0; unit < count; unit++) {
    const place = [COLUMN * column, top(unit, count, height), UNIT, UNIT] as const;
    fillFields(context, place, width, rows, (i) => shade(values[unit * size + i] / largest), true);
    context.strokeRect(...place);
  }
}

/** Lines from the units of a column to those of the next. */
function drawWeights(
  context: CanvasRenderingContext2D,
  { weights, responses }: LayerFrame,
  column: number,
  before: number,
  height: number,
): void {
  if (weights === undefined || responses === undefined || weights.width !== before) return;
  const pieces = weights.height / responses.count;
  const largest = weights.values.reduce((most, v) => Math.max(most, Math.abs(v)), 1e-9);
  for (let row = 0; row < weights.height; row++) {
    for (let from = 0; from < before; from++) {
      const weight = weights.values[row * before + from] / largest;
      context.strokeStyle = weight < 0 ? "#e67e00" : "#0072cc";
      context.setLineDash(weight < 0 ? [4, 3] : []);
      context.lineWidth = 0.25 + 3 * Math.abs(weight);
      context.beginPath();
      context.moveTo(COLUMN * column + UNIT, top(from, before, height) + UNIT / 2);
      context.lineTo(COLUMN * (column + 1), top(Math.floor(row / pieces), responses.count, height) + UNIT / 2);
      context.stroke();
    }
  }
  context.setLineDash([]);
}

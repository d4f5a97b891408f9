// What is inside a convolution's cell: products that add up.
import { colour } from "../../app/theme.js";
import type { Inspection } from "../../engine/inspect.js";
import { COLON } from "../../i18n/punctuation.js";
import { t } from "../../i18n/words.js";
import { Paint } from "../../ui/paint.js";
import { diverging, fillFields, rgb, shade } from "../../ui/pixels.js";
import w from "../playground.words.js";
import { frame, inspectUnit } from "../state.js";
import { largestOf } from "./draw.js";

const SIDE = 88;
const MAP = 132;

type Convolution = Extract<Inspection, { form: "sum" }>;

/** Inside a convolution's cell: a window of the input, times the kernel, is products that add up to the cell. */
export function Window({ of }: { readonly of: Convolution }) {
  const [rows, columns] = of.window ?? [1, 1];
  // Those of the first channel that the cell sees; the table has all.
  const first = of.terms[0]?.from[0];
  const terms = of.terms.filter(({ from }) => from[0] === first);
  const inputs = new Float32Array(rows * columns);
  const kernel = new Float32Array(rows * columns);
  const products = new Float32Array(rows * columns);
  for (const { input, weight, index } of terms) {
    const place = index % (rows * columns);
    inputs[place] = input;
    kernel[place] = weight;
    products[place] = input * weight;
  }
  return (
    <div class="window">
      <WholeMap of={of} />
      <Fields name={t(w.input1)} values={inputs} rows={rows} columns={columns} />
      <span aria-hidden="true">×</span>
      <Fields name={t(w.kernel1)} values={kernel} rows={rows} columns={columns} />
      <span aria-hidden="true">=</span>
      <Fields name={t(w.products)} values={products} rows={rows} columns={columns} />
    </div>
  );
}

interface FieldsProps {
  readonly name: string;
  readonly values: Float32Array;
  readonly rows: number;
  readonly columns: number;
}

const Fields = ({ name, values, rows, columns }: FieldsProps) => (
  <figure>
    <Paint
      label={t(w.windowLabel, name)}
      width={SIDE}
      height={(SIDE * rows) / columns}
      paint={(context, width, height) => {
        const colours = diverging(rgb(colour("--paper")));
        const times = 1 / largestOf(values);
        fillFields(context, [0, 0, width, height], columns, rows, (pixels) => shade(pixels, values, colours, times));
        context.strokeStyle = colour("--line");
        context.strokeRect(0.5, 0.5, width - 1, height - 1);
      }}
    />
    <figcaption>{name}</figcaption>
  </figure>
);

/** The unit's whole map, on which a cell is chosen. */
function WholeMap({ of }: { readonly of: Convolution }) {
  const responses = frame.value?.layers[of.layer]?.responses;
  if (responses === undefined || of.unit >= responses.count) return null;
  const { width, height, values } = responses;
  const [row, column] = of.cell ?? [0, 0];
  const size = width * height;
  const own = values.subarray(of.unit * size, (of.unit + 1) * size);
  const choose = (to: readonly [number, number]) => {
    const cell = [clamp(to[0], height), clamp(to[1], width)] as const;
    inspectUnit({ layer: of.layer, unit: of.unit, cell });
  };
  return (
    <figure>
      <button
        type="button"
        class="map"
        aria-label={t(w.featureMaps) + t(COLON) + t(w.atCell, row + 1, column + 1)}
        onClick={(event) => {
          // Pressed by the keyboard, it has no place.
          if (event.detail === 0) return;
          choose([Math.floor((event.offsetY / MAP) * width), Math.floor((event.offsetX / MAP) * width)]);
        }}
        onKeyDown={(event) => {
          const move = MOVES[event.key];
          if (move === undefined) return;
          event.preventDefault();
          choose([row + move[0], column + move[1]]);
        }}
      >
        <Paint
          label=""
          width={MAP}
          height={(MAP * height) / width}
          paint={(context, w, h) => {
            const colours = diverging(rgb(colour("--paper")));
            const times = 1 / largestOf(own);
            fillFields(context, [0, 0, w, h], width, height, (pixels) => shade(pixels, own, colours, times));
            context.strokeStyle = colour("--accent");
            context.lineWidth = 2;
            context.strokeRect((column * w) / width, (row * h) / height, w / width, h / height);
          }}
        />
      </button>
      <figcaption>{t(w.atCell, row + 1, column + 1)}</figcaption>
    </figure>
  );
}

const MOVES: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};
const clamp = (value: number, count: number): number => Math.max(0, Math.min(count - 1, value));

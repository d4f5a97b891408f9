import { computed } from "@preact/signals";
import { useRef } from "preact/hooks";
import { t } from "../../i18n/words.js";
import { Paint } from "../../ui/paint.js";
import { useSize } from "../../ui/use-size.js";
import w from "../playground.words.js";
import { frame, inspectUnit, isDigits, reports, settings } from "../state.js";
import { said } from "../trouble.js";
import { Adding, AddLayer } from "./add-layer.js";
import { adding, chosenLine } from "./chosen.js";
import { LayerColumn } from "./column.js";
import { drawLines } from "./draw.js";
import { Enlarged } from "./enlarged.js";
import { type Column, columnsOf, distance, type Line, linesOf } from "./geometry.js";
import { Head } from "./head.js";
import { sizeOf } from "./size.js";

/** Pixels within which a line is meant. */
const NEAR = 6;

/** What the columns show: the inputs, and each layer's units. */
const units = computed(() => {
  const { layers = [], inputs } = frame.value ?? {};
  return [inputs, ...settings.value.layers.map((_, i) => layers[i]?.responses)];
});

/** The network itself: drawn, touched and changed in one place. */
export function NetworkPicture() {
  const host = useRef<HTMLDivElement>(null);
  const size = useSize(host);
  const { layers } = settings.value;
  const sized = [false, ...layers.map((layer) => sizeOf(layer) !== undefined)];
  const { columns, width } = columnsOf(units.value, sized, size);
  return (
    <section class="panel network" aria-labelledby="network">
      <h2 id="network" class="visually-hidden">
        {t(w.network)}
      </h2>
      <div class="network-view" ref={host}>
        {size.width > 0 && (
          <div class="network-space" style={{ width: `${width}px`, height: `${size.height}px` }}>
            <Lines columns={columns} width={width} height={size.height} />
            <InputColumn column={columns[0]} height={size.height} />
            <ol aria-label={t(w.layers)}>
              {layers.map((layer, i) => (
                <li key={`${i} ${layer.kind}`} class={reports.value[i]?.error === undefined ? "layer" : "layer wrong"}>
                  <Head at={i} layer={layer} column={columns[i + 1]} columns={columns} />
                  <LayerColumn at={i} column={columns[i + 1]} pictures={units.value[i + 1]} height={size.height} />
                </li>
              ))}
            </ol>
            {columns.map(({ left, width: own }, i) => (
              <AddLayer key={i} at={i} left={left + own} last={i === layers.length} />
            ))}
          </div>
        )}
        <Enlarged units={units.value} columns={columns} />
      </div>
      {adding.value !== undefined && <Adding at={adding.value} />}
      <Misfits />
    </section>
  );
}

/** The inputs have no head that could be dragged. */
function InputColumn({ column, height }: { readonly column: Column; readonly height: number }) {
  return (
    <div class="layer">
      <span class="head plain" style={{ left: `${column.left}px`, width: `${column.width}px` }}>
        {t(isDigits.value ? w.paperInput : w.inputs)}
      </span>
      <LayerColumn at={-1} column={column} pictures={units.value[0]} height={height} />
    </div>
  );
}

interface LinesProps {
  readonly columns: readonly Column[];
  readonly width: number;
  readonly height: number;
}

function Lines({ columns, width, height }: LinesProps) {
  const { layers = [] } = frame.value ?? {};
  const all = settings.value.layers.map(({ kind, values }, i) =>
    linesOf(i, columns[i], columns[i + 1], layers[i]?.edges, kind === "maxout" ? Number(values.pieces) : 1),
  );
  const nearest = (x: number, y: number): Line | undefined => {
    const near = all.flat().filter(({ points, value }) => !Number.isNaN(value) && distance(points, x, y) <= NEAR);
    return near.sort(
      (a, b) => distance(a.points, x, y) - distance(b.points, x, y) || Math.abs(b.value) - Math.abs(a.value),
    )[0];
  };
  const chosen = chosenLine.value;
  const found = chosen && all[chosen.layer]?.find(({ from, row }) => from === chosen.from && row === chosen.row);
  return (
    // What a line says is in the inspector of its unit too, which the keyboard reaches.
    // biome-ignore lint/a11y/useKeyWithClickEvents: see above
    // biome-ignore lint/a11y/noStaticElementInteractions: see above
    <div
      class="edges"
      onClick={(event) => {
        const line = nearest(event.offsetX, event.offsetY);
        chosenLine.value = line;
        inspectUnit(line && { layer: line.layer, unit: line.to });
      }}
      onPointerMove={(event) => {
        event.currentTarget.style.cursor = nearest(event.offsetX, event.offsetY) === undefined ? "" : "pointer";
      }}
    >
      <Paint label={t(w.edges)} width={width} height={height} paint={(context) => drawLines(context, all, found)} />
    </div>
  );
}

/** What does not fit, below the picture; the column is marked too. */
function Misfits() {
  const wrong = reports.value.findIndex(({ error }) => error !== undefined);
  const error = reports.value[wrong]?.error;
  if (error === undefined) return null;
  return (
    <p class="error misfit" role="alert">
      {t(w.misfitAt, wrong + 1, settings.value.layers[wrong]?.kind ?? "")} {said(error)}
    </p>
  );
}

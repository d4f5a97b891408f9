// Draws the network, and lets readers touch it.
import { useMemo, useRef } from "preact/hooks";
import { colour } from "../../app/theme.js";
import type { LayerSpec } from "../../engine/layers.js";
import { t } from "../../i18n/words.js";
import { Paint } from "../../ui/paint.js";
import { scaled, textScale } from "../../ui/text-size.js";
import { useSize } from "../../ui/use-size.js";
import w from "../playground.words.js";
import { frame, inspectUnit, isDigits, reports, settings } from "../state.js";
import { said } from "../trouble.js";
import { Adding, AddLayer } from "./add-layer.js";
import { adding, chosenLine } from "./chosen.js";
import { LayerColumn } from "./column.js";
import { drawLines, drawUnits } from "./draw.js";
import { Enlarged } from "./enlarged.js";
import { type Column, columnsOf, distance, type Line, linesOf } from "./geometry.js";
import { Head } from "./head.js";
import { sizeOf } from "./size.js";
import { formOfUnits, units } from "./units.js";

/** Pixels within which a line is meant. */
const NEAR = 6;
/** Width of a column, at the usual size of text, that has room for what colors mean. */
const COLORS = 56;

/** The network itself: drawn, touched and changed in one place. */
export function NetworkPicture() {
  const host = useRef<HTMLDivElement>(null);
  const size = useSize(host);
  const { layers } = settings.value;
  const { columns, width } = useMemo(() => {
    const sized = [false, ...layers.map((layer) => sizeOf(layer) !== undefined)];
    return columnsOf(units.peek(), sized, size, textScale.value);
  }, [formOfUnits.value, layers, size, textScale.value]);
  return (
    <section class="panel network" aria-labelledby="network">
      <h2 id="network" class="visually-hidden">
        {t(w.network)}
      </h2>
      <div class="network-view" ref={host}>
        {size.width > 0 && (
          <div class="network-space" style={{ width: `${width}px`, height: `${size.height}px` }}>
            <Drawing layers={layers} columns={columns} width={width} height={size.height} />
            <InputColumn column={columns[0]} />
            <ol aria-label={t(w.layers)}>
              {layers.map((layer, i) => (
                <li key={`${i} ${layer.kind}`} class={reports.value[i]?.error === undefined ? "layer" : "layer wrong"}>
                  <Head at={i} layer={layer} column={columns[i + 1]} columns={columns} />
                  <LayerColumn at={i} column={columns[i + 1]} />
                </li>
              ))}
            </ol>
            {columns.map(({ left, width: own }, i) => (
              <AddLayer key={i} at={i} left={left + own} last={i === layers.length} />
            ))}
          </div>
        )}
        <Enlarged columns={columns} />
      </div>
      {adding.value !== undefined && <Adding at={adding.value} />}
      <Misfits />
    </section>
  );
}

/** The inputs have no head that could be dragged; where other columns have their size is what colors mean. */
function InputColumn({ column }: { readonly column: Column }) {
  return (
    <div class="layer">
      <span
        class={`head plain${column.narrow ? " narrow" : ""}`}
        style={{ left: `${column.left}px`, width: `${column.width}px` }}
      >
        {t(isDigits.value ? w.paperInput : w.inputs)}
      </span>
      <LayerColumn at={-1} column={column} />
      {column.width >= scaled(COLORS) && (
        <span
          class="size colors"
          title={t(w.colors)}
          aria-hidden="true"
          style={{ left: `${column.left}px`, width: `${column.width}px` }}
        >
          − <span class="ramp" /> +
        </span>
      )}
    </div>
  );
}

interface DrawingProps {
  readonly layers: readonly LayerSpec[];
  readonly columns: readonly Column[];
  readonly width: number;
  readonly height: number;
}

/** Lines and units on one canvas: each canvas has a cost of its own in every frame. */
function Drawing({ layers, columns, width, height }: DrawingProps) {
  const lines = (): readonly (readonly Line[])[] => {
    const now = frame.value?.layers ?? [];
    return layers.map(({ kind, values }, i) =>
      linesOf(i, columns[i], columns[i + 1], now[i]?.edges, kind === "maxout" ? Number(values.pieces) : 1),
    );
  };
  const nearest = (x: number, y: number): Line | undefined => {
    const near = lines()
      .flat()
      .filter(({ points, value }) => !Number.isNaN(value) && distance(points, x, y) <= NEAR);
    return near.sort(
      (a, b) => distance(a.points, x, y) - distance(b.points, x, y) || Math.abs(b.value) - Math.abs(a.value),
    )[0];
  };
  const paint = (context: CanvasRenderingContext2D): void => {
    context.fillStyle = colour("--paper");
    context.fillRect(0, 0, width, height);
    const all = lines();
    const chosen = chosenLine.value;
    const found = chosen && all[chosen.layer]?.find(({ from, row }) => from === chosen.from && row === chosen.row);
    drawLines(context, columns, all, found);
    units.value.forEach((pictures, i) => {
      if (pictures !== undefined && i < columns.length) drawUnits(context, columns[i], pictures);
    });
  };
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
      <Paint label={t(w.edges)} width={width} height={height} paint={paint} opaque />
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

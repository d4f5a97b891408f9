// The head of a layer's column, by which it is opened and dragged.
import { Fragment } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { LayerSpec } from "../../engine/layers.js";
import { t } from "../../i18n/words.js";
import { StepButton } from "../../ui/dial.js";
import uiWords from "../../ui/ui.words.js";
import w from "../playground.words.js";
import { inspectUnit, moveLayer, removeLayer, setLayer, settings } from "../state.js";
import { chosenLine, drag, focusHead, openLayer } from "./chosen.js";
import type { Column } from "./geometry.js";
import { sizeOf } from "./size.js";

/** Pixels after which a press is a drag. */
const DRAG = 6;

interface HeadProps {
  readonly at: number;
  readonly layer: LayerSpec;
  readonly column: Column;
  readonly columns: readonly Column[];
}

/** A layer's name: opens its settings, and is what it is dragged by, with a mouse, a finger or the keyboard. */
export function Head({ at, layer, column, columns }: HeadProps) {
  const { kind } = layer;
  const start = useRef<number | undefined>(undefined);
  const moving = drag.value?.at === at ? drag.value : undefined;
  const open = openLayer.value === at;
  useEffect(() => {
    if (moving === undefined) return;
    // Wherever the focus is: a layer that was picked up by mistake is put back.
    const putBack = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      start.current = drag.value = undefined;
    };
    addEventListener("keydown", putBack, true);
    return () => removeEventListener("keydown", putBack, true);
  }, [moving === undefined]);
  const placeOf = (by: number): number => {
    const middle = column.left + column.width / 2 + by;
    const over = columns.findIndex(({ left, width }, i) => i > 0 && middle < left + width);
    return over === -1 ? columns.length - 2 : Math.max(0, over - 1);
  };
  return (
    <>
      <button
        type="button"
        class={`head${column.narrow ? " narrow" : ""}${moving === undefined ? "" : " dragged"}`}
        id={`layer-${at}`}
        style={{
          left: `${column.left}px`,
          width: `${column.width}px`,
          transform: moving && `translateX(${moving.by}px)`,
        }}
        aria-label={t(w.handle, at + 1, kind)}
        aria-expanded={open}
        title={kind}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          start.current = event.clientX;
          event.currentTarget.setPointerCapture(event.pointerId);
        }}
        onPointerMove={(event) => {
          if (start.current === undefined) return;
          const by = event.clientX - start.current;
          if (moving !== undefined || Math.abs(by) > DRAG) drag.value = { at, by, to: placeOf(by) };
        }}
        onPointerUp={() => {
          start.current = undefined;
          const done = drag.peek();
          if (done === undefined) return;
          // The click that follows belongs to the drag.
          setTimeout(() => {
            drag.value = undefined;
          });
          moveLayer(done.at, done.to);
        }}
        onPointerCancel={() => {
          start.current = drag.value = undefined;
        }}
        onClick={() => {
          if (drag.peek() !== undefined) return;
          openLayer.value = open ? undefined : at;
          chosenLine.value = undefined;
          inspectUnit(undefined);
        }}
        onKeyDown={(event) => {
          const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
          const size = sizeOf(layer);
          if (by !== undefined) {
            moveLayer(at, at + by);
            focusHead(Math.max(0, Math.min(settings.peek().layers.length - 1, at + by)));
          } else if (event.key === "Delete") {
            removeLayer(at);
            focusHead(Math.max(0, at - 1));
          } else if (size !== undefined && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
            resize(at, size.value + (event.key === "ArrowUp" ? 1 : -1));
          } else return;
          event.preventDefault();
        }}
      >
        <InParts name={kind} />
      </button>
      <Size at={at} layer={layer} column={column} />
      {drag.value?.to === at && drag.value.at !== at && (
        <span class="drop" style={{ left: `${column.left + (drag.value.at < at ? column.width : 0)}px` }} />
      )}
    </>
  );
}

/** A name that breaks before its capitals, where it has no room in one line: max Pool2d. */
const InParts = ({ name }: { readonly name: string }) => (
  <>
    {name.split(/(?=[A-Z])/).map((part, i) => (
      <Fragment key={part}>
        {i > 0 && <wbr />}
        {part}
      </Fragment>
    ))}
  </>
);

function resize(at: number, value: number): void {
  const size = sizeOf(settings.peek().layers[at]);
  if (size !== undefined && value >= size.setting.least && value <= size.setting.most) setLayer(at, size.name, value);
}

/** How many units or channels, below the column. */
function Size({ at, layer, column }: Omit<HeadProps, "columns">) {
  const size = sizeOf(layer);
  if (size === undefined) return null;
  const name = `${t(w[size.name as "units"])}, ${t(w.layerOf, at + 1, layer.kind)}`;
  return (
    <span
      class={column.narrow ? "size narrow" : "size"}
      style={{ left: `${column.left}px`, width: `${column.width}px` }}
    >
      <StepButton
        label={t(uiWords.less, name)}
        icon="minus"
        disabled={size.value <= size.setting.least}
        onClick={() => resize(at, size.value - 1)}
      />
      <span>{size.value}</span>
      <StepButton
        label={t(uiWords.more, name)}
        icon="plus"
        disabled={size.value >= size.setting.most}
        onClick={() => resize(at, size.value + 1)}
      />
    </span>
  );
}

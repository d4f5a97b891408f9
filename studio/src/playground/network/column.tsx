// A layer as a column of units or maps.
import { COLON } from "../../i18n/punctuation.js";
import { t } from "../../i18n/words.js";
import { scaled } from "../../ui/text-size.js";
import w from "../playground.words.js";
import { fits, inspectUnit, isDigits, isRegression, nameOfClass, own, settings } from "../state.js";
import { chosenLine, isInspected, openLayer, pointed } from "./chosen.js";
import { boxOf, type Column } from "./geometry.js";
import { units } from "./units.js";

interface LayerColumnProps {
  /** The layer's place; -1 for the inputs. */
  readonly at: number;
  readonly column: Column;
}

/** The units of a layer, whose pictures the drawing has: each can be pressed. */
export function LayerColumn({ at, column }: LayerColumnProps) {
  const pictures = units.peek()[at + 1];
  if (pictures === undefined || column.shown === 0) return null;
  const kind = at < 0 ? t(isDigits.value ? w.paperInput : w.inputs) : settings.value.layers[at].kind;
  const name = at < 0 ? kind : t(w.layerOf, at + 1, kind);
  const last = boxOf(column, column.shown - 1);
  const called = at < 0 ? nameOfInput : at === settings.value.layers.length - 1 ? nameOfOutput : undefined;
  const { width, height: rows } = pictures;
  const cell =
    isDigits.value && width * rows > 1 ? ([Math.floor(rows / 2), Math.floor(width / 2)] as const) : undefined;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would be a form's
    <div role="group" aria-label={t(w.columnUnits, name, column.shown, column.all)}>
      {Array.from({ length: column.shown }, (_, unit) => (
        <Unit
          key={unit}
          at={at}
          unit={unit}
          column={column}
          cell={cell}
          label={at < 0 ? t(w.inputOf, nameOfInput(unit)) : t(w.unitOf, unit + 1, at + 1, kind)}
          name={called?.(unit, column.side)}
        />
      ))}
      {column.all > column.shown && (
        <span
          class="more"
          style={{ left: `${column.left}px`, width: `${column.width}px`, top: `${last.top + last.side + 2}px` }}
        >
          {t(w.moreUnits, column.all - column.shown)}
        </span>
      )}
    </div>
  );
}

const FEATURE_NAMES = { x: "x", y: "y", xx: "x²", yy: "y²", xy: "xy", sinx: "sin 5x", siny: "sin 5y" } as const;
export const featureName = (feature: keyof typeof FEATURE_NAMES): string => FEATURE_NAMES[feature];

/** What an input is called. */
export function nameOfInput(unit: number): string {
  const { data, features, input } = settings.value;
  if (isDigits.value) return "";
  if (data === "table") return own.value?.columns?.[unit] ?? String(unit + 1);
  return input === "levels" ? ["x", "y"][unit] : featureName(features[unit] ?? "x");
}

/** Pixels of a picture, at the usual size of text, from which names stand on it, and the word before a class's number. */
const WORDS = 56;
/** Letters that have room beside a smaller picture. */
const BESIDE = 2;

/** What an output stands for: a class, or the column that is learned. */
function nameOfOutput(unit: number, side: number): string | undefined {
  if (!fits.value) return undefined;
  if (isRegression.value) return own.value?.target?.name;
  if (isDigits.value || own.value !== undefined || side < scaled(WORDS)) return nameOfClass(unit);
  return t(unit === 0 ? w.class0 : w.class1);
}

interface UnitProps {
  readonly at: number;
  readonly unit: number;
  readonly column: Column;
  /** Of maps: the cell that is looked at first. */
  readonly cell: readonly [row: number, column: number] | undefined;
  readonly label: string;
  /** Of inputs and outputs: what they stand for. */
  readonly name: string | undefined;
}

/** One stop of the tabulator for each column; arrow keys lead from unit to unit. */
function Unit({ at, unit, column, cell, label, name }: UnitProps) {
  const { left, top, side } = boxOf(column, unit);
  const point = () => {
    const now = pointed.peek();
    if (now?.layer !== at || now.unit !== unit) pointed.value = { layer: at, unit };
  };
  const leave = () => {
    pointed.value = undefined;
  };
  return (
    <button
      type="button"
      class="unit"
      id={`unit-${at}-${unit}`}
      tabIndex={unit === 0 ? 0 : -1}
      aria-label={at < 0 || !name ? label : `${label}${t(COLON)}${name}`}
      aria-pressed={at < 0 ? undefined : isInspected(at, unit)}
      style={{ left: `${left}px`, top: `${top}px`, width: `${side}px`, height: `${side}px` }}
      // What comes to lie under a pointer that rests, since something was pressed, is not pointed at.
      onPointerMove={({ pointerType }) => {
        if (pointerType === "mouse") point();
      }}
      onPointerLeave={leave}
      onFocus={({ currentTarget }) => {
        if (currentTarget.matches(":focus-visible")) point();
      }}
      onBlur={leave}
      onClick={() => {
        // The inspector says it now; the enlarged picture would cover the network.
        leave();
        if (at < 0) return;
        const again = isInspected(at, unit);
        chosenLine.value = undefined;
        openLayer.value = undefined;
        inspectUnit(again ? undefined : { layer: at, unit, cell });
      }}
      onKeyDown={(event) => {
        const [across, down] = MOVES[event.key] ?? [0, 0];
        if (across === 0 && down === 0) return;
        event.preventDefault();
        const next =
          document.getElementById(`unit-${at + across}-${unit + down}`) ??
          document.getElementById(`unit-${at + across}-0`);
        next?.focus();
      }}
    >
      {name && <NameOf at={at} name={name} column={column} />}
    </button>
  );
}

/** A name on its picture; beside a small one, which it would cover: inputs' left of it, outputs' right. */
function NameOf({ at, name, column }: { readonly at: number; readonly name: string; readonly column: Column }) {
  const { side, width } = column;
  const beside = side < scaled(WORDS) && name.length <= BESIDE;
  const room = (width - side) / 2;
  return (
    <span
      class={beside ? `name beside ${at < 0 ? "before" : "behind"}` : "name"}
      style={beside ? { width: `${room}px` } : {}}
      title={name}
    >
      {name}
    </span>
  );
}

const MOVES: Readonly<Record<string, readonly [across: number, down: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

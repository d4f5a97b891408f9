// Numbers as colored cells, by pointer and keyboard.
import { useRef } from "preact/hooks";
import { scaled } from "../../ui/text-size.js";
import { useSize } from "../../ui/use-size.js";

interface CellsProps {
  /** What is to be seen, in words, and which keys do what. */
  readonly label: string;
  /** Row by row. */
  readonly values: ArrayLike<number>;
  readonly columns: number;
  /** The value that is darkest; its negative is darkest of the other color. Default 1. */
  readonly top?: number;
  /** After how many cells there is a heavy line. */
  readonly heavy?: number;
  /** Cells with a ring. */
  readonly rings?: readonly number[];
  /** A part that is framed: row, column and side. */
  readonly frame?: readonly [row: number, column: number, side: number];
  /** What stands in each cell. */
  readonly texts?: readonly string[];
  /** Called with the cell that is clicked. */
  readonly onPress?: (cell: number) => void;
  /** Called as often as the pointer, held down, enters another cell. */
  readonly onDrag?: (down: number, right: number) => void;
  /** Called with keys that are pressed; says whether it has used one. */
  readonly onKey?: (key: string, shift: boolean) => boolean;
}

/** Pixels of the drawing: a cell; letters at the usual size of text, and at most, so that a number fits its cell. */
const SIZE = 24;
const [LETTER, MOST] = [12, 10];
/** From this share of the darkest on, text on a cell is light. */
const DARK = 0.55;

/** Numbers as colored cells; with `onKey` they can have the focus. */
export function Cells(props: CellsProps) {
  const { label, onKey, onDrag } = props;
  if (onKey === undefined) return <Picture {...props} />;
  return (
    <div
      role="application"
      class={onDrag === undefined ? "board" : "board draggable"}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: an application takes keys
      tabIndex={0}
      aria-label={label}
      onKeyDown={(event) => {
        if (onKey(event.key, event.shiftKey)) event.preventDefault();
      }}
    >
      <Picture {...props} />
    </div>
  );
}

function Picture(props: CellsProps) {
  const { label, values, columns, top = 1, heavy = 0, rings = [], frame, texts = [] } = props;
  const own = useRef<SVGSVGElement>(null);
  const { width } = useSize(own);
  const letter = width === 0 ? MOST : Math.min(MOST, (scaled(LETTER) * columns * SIZE) / width);
  const rows = Math.ceil(values.length / columns);
  const lines = heavy === 0 ? [] : Array.from({ length: columns / heavy - 1 }, (_, i) => (i + 1) * heavy * SIZE);
  const place = (i: number) => ({ x: (i % columns) * SIZE, y: Math.floor(i / columns) * SIZE });
  return (
    <svg
      ref={own}
      style={{ fontSize: `${letter}px` }}
      class="cells"
      viewBox={`0 0 ${columns * SIZE} ${rows * SIZE}`}
      role="img"
      aria-label={label}
      {...usePointer(props, rows)}
    >
      {Array.from(values, (value, i) => (
        <rect
          key={`${i}`}
          class={value < 0 ? "cell low" : "cell high"}
          {...place(i)}
          width={SIZE}
          height={SIZE}
          fill-opacity={Math.min(1, Math.abs(value) / top)}
        />
      ))}
      {lines.map((at) => (
        <path key={at} class="axis" d={`M${at} 0V${rows * SIZE}M0 ${at}H${columns * SIZE}`} />
      ))}
      {rings.map((i) => (
        <circle key={i} class="ring" cx={place(i).x + SIZE / 2} cy={place(i).y + SIZE / 2} r={6} />
      ))}
      {texts.map((text, i) => (
        <text
          key={`${i}`}
          class={Math.abs(values[i]) > DARK * top ? "over" : ""}
          x={place(i).x + SIZE / 2}
          y={place(i).y + SIZE / 2 + 0.36 * letter}
          text-anchor="middle"
        >
          {text}
        </text>
      ))}
      {frame && (
        <rect class="marked" x={frame[1] * SIZE} y={frame[0] * SIZE} width={frame[2] * SIZE} height={frame[2] * SIZE} />
      )}
    </svg>
  );
}

type Event = MouseEvent & { readonly currentTarget: SVGSVGElement };

/** What the pointer does: a press, or a drag from cell to cell, after which there is no press. */
function usePointer({ columns, onPress, onDrag }: CellsProps, rows: number) {
  const held = useRef<readonly [row: number, column: number] | undefined>(undefined);
  const dragged = useRef(false);
  const under = ({ currentTarget, clientX, clientY }: Event) => {
    const { left, top, width, height } = currentTarget.getBoundingClientRect();
    return [Math.floor(((clientY - top) / height) * rows), Math.floor(((clientX - left) / width) * columns)] as const;
  };
  return {
    onClick: (event: Event) => {
      const [row, column] = under(event);
      if (!dragged.current) onPress?.(row * columns + column);
    },
    onPointerDown: (event: Event) => {
      held.current = under(event);
      dragged.current = false;
    },
    onPointerMove: (event: Event) => {
      if (event.buttons === 0 || onDrag === undefined || held.current === undefined) return;
      const [row, column] = under(event);
      const [down, right] = [row - held.current[0], column - held.current[1]];
      if (down === 0 && right === 0) return;
      held.current = [row, column];
      dragged.current = true;
      onDrag(down, right);
    },
  };
}

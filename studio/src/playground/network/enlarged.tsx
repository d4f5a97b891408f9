// The unit that the pointer is on, large.
import { Paint } from "../../ui/paint.js";
import { scaled } from "../../ui/text-size.js";
import { isInspected, pointed } from "./chosen.js";
import { drawUnits } from "./draw.js";
import { boxOf, type Column, HEAD, PLUS } from "./geometry.js";
import { units } from "./units.js";

const SIDE = 160;
const LARGE: Column = { left: 0, width: SIDE, shown: 1, all: 1, side: SIDE, top: 0, narrow: false };

/** The unit that the pointer is on, large. */
export function Enlarged({ columns }: { readonly columns: readonly Column[] }) {
  const at = pointed.value;
  const pictures = at && units.peek()[at.layer + 1];
  const column = at && columns[at.layer + 1];
  // What is pressed is told by the inspector.
  if (
    at === undefined ||
    isInspected(at.layer, at.unit) ||
    pictures === undefined ||
    column === undefined ||
    pictures.width * pictures.height === 1
  )
    return null;
  const { left, top, side } = boxOf(column, at.unit);
  const whole = columns[columns.length - 1];
  const right = left + side + 8 + SIDE <= whole.left + whole.width;
  const paint = (context: CanvasRenderingContext2D): void => {
    const now = units.value[at.layer + 1];
    if (now === undefined) return;
    const size = now.width * now.height;
    const values = now.values.subarray(at.unit * size, (at.unit + 1) * size);
    drawUnits(context, LARGE, { ...now, count: 1, values });
  };
  return (
    <div
      class="enlarged"
      style={{
        left: `${right ? left + side + 8 : left - SIDE - 8}px`,
        top: `${Math.max(scaled(HEAD + PLUS), top + side / 2 - SIDE / 2)}px`,
      }}
      aria-hidden="true"
    >
      <Paint label="" width={SIDE} height={SIDE} paint={paint} />
    </div>
  );
}

import { colour } from "../app/theme.js";
import { t } from "../i18n/words.js";
import { Figure } from "../ui/figure.js";
import { Paint } from "../ui/paint.js";
import { diverging, fillFields, rgb } from "../ui/pixels.js";
import w from "./playground.words.js";
import { frame } from "./state.js";

const SIZE = 320;
/** The plane that is shown reaches from -REACH to REACH. */
const REACH = 1.25;

/** The plane as the network divides it. */
export function Boundary() {
  const { boundary, points } = frame.value ?? {};
  const paint = (context: CanvasRenderingContext2D, width: number, height: number): void => {
    if (boundary === undefined || points === undefined) return;
    const shade = diverging(rgb(colour("--paper")));
    const at = (i: number) => shade(2 * boundary.values[i] - 1);
    fillFields(context, [0, 0, width, height], boundary.width, boundary.height, at, true);
    context.strokeStyle = colour("--paper");
    for (let i = 0; i < points.length; i += 3) drawPoint(context, points.subarray(i, i + 3), width);
  };
  return (
    <Figure title={t(w.boundary)} caption={t(w.boundaryCaption)}>
      <Paint label={t(w.boundaryLabel)} width={SIZE} height={SIZE} paint={paint} />
    </Figure>
  );
}

/** A disc for class 1, a square for class 0: colour alone does not have to tell. */
function drawPoint(context: CanvasRenderingContext2D, [x, y, label]: Float32Array, size: number): void {
  const place = (value: number) => ((value / REACH + 1) / 2) * size;
  context.fillStyle = colourOf(label);
  context.beginPath();
  if (label === 1) context.arc(place(x), place(-y), 4, 0, 2 * Math.PI);
  else context.rect(place(x) - 3.5, place(-y) - 3.5, 7, 7);
  context.fill();
  context.stroke();
}

const colourOf = (label: number): string => (label === 1 ? "#0072cc" : "#e67e00");

// The drawing of a fully connected network, in which what takes no part is faint.
import { useRef } from "preact/hooks";
import { formatRounded } from "../../ui/format.js";
import { scaled } from "../../ui/text-size.js";
import { useSize } from "../../ui/use-size.js";

interface LayersProps {
  /** What is to be seen, in words. */
  readonly label: string;
  /** Of each unit of each layer, whether it takes part. */
  readonly alive: readonly (readonly boolean[])[];
  /** What stands in each unit. */
  readonly texts?: readonly (readonly string[])[];
  /** The weight of each edge: by layer, unit and input. */
  readonly weights?: readonly (readonly (readonly number[])[])[];
}

/** Pixels at the usual size of text: a unit, from its middle to its edge, that has a text or none; what is around all of them. */
const [LARGE, SMALL, BORDER] = [24, 12, 6];
/** Where a weight stands along its edge: before the unit that it belongs to, where those of all units are as far apart. */
const WEIGHT_AT = 2 / 3;
/** The least height of a unit's row whose weights are written beside each other. */
const ROW = 96;

/** A fully connected network; what takes no part is faint. */
export function Layers({ label, alive, texts, weights }: LayersProps) {
  const own = useRef<SVGSVGElement>(null);
  const width = Math.max(1, useSize(own).width);
  const most = Math.max(...alive.map((layer) => layer.length));
  const height = Math.max(width / 2, weights === undefined ? 0 : most * scaled(ROW));
  const radius = scaled(texts === undefined ? SMALL : LARGE);
  const edge = radius + scaled(BORDER);
  const step = (width - 2 * edge) / (alive.length - 1);
  const x = (layer: number) => edge + layer * step;
  const y = (layer: number, unit: number) => height / 2 + (unit - (alive[layer].length - 1) / 2) * (height / most);
  return (
    <svg ref={own} class="graph" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
      {alive
        .slice(1)
        .flatMap((units, layer) =>
          units.flatMap((here, j) =>
            alive[layer].map((before, i) => (
              <line
                key={`${layer}.${i}.${j}`}
                class={here && before ? "edge" : "edge gone"}
                x1={x(layer)}
                y1={y(layer, i)}
                x2={x(layer + 1)}
                y2={y(layer + 1, j)}
              />
            )),
          ),
        )}
      {weights?.flatMap((units, layer) =>
        units.flatMap((row, j) =>
          row.map((weight, i) => {
            const text = formatRounded(weight, 2);
            const along = Math.min(WEIGHT_AT, 1 - (radius + widthOf(text) / 2 + scaled(2)) / step);
            const at = y(layer, i) + along * (y(layer + 1, j) - y(layer, i));
            return <Weight key={`${layer}.${i}.${j}`} x={x(layer) + along * step} y={at} text={text} />;
          }),
        ),
      )}
      {alive.flatMap((units, layer) =>
        units.map((here, unit) => (
          <g key={`${layer}.${unit}`} class={here ? "" : "gone"}>
            <circle class="unit" cx={x(layer)} cy={y(layer, unit)} r={radius} />
            {texts !== undefined && (
              <text x={x(layer)} y={y(layer, unit) + scaled(4)} text-anchor="middle">
                {texts[layer][unit]}
              </text>
            )}
          </g>
        )),
      )}
    </svg>
  );
}

/** About as wide as a number is written, with its ground. */
const widthOf = (text: string): number => scaled(6.5 * text.length + 4);

/** A weight on its edge, which ends before the number and goes on behind it. */
function Weight({ x, y, text }: { readonly x: number; readonly y: number; readonly text: string }) {
  return (
    <g class="weight">
      <rect x={x - widthOf(text) / 2} y={y - scaled(8)} width={widthOf(text)} height={scaled(16)} rx={3} />
      <text x={x} y={y + scaled(4)} text-anchor="middle">
        {text}
      </text>
    </g>
  );
}

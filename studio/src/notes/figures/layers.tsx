// The drawing of a fully connected network, in which what takes no part is faint.
import { formatRounded } from "../../ui/format.js";

interface LayersProps {
  /** What is to be seen, in words. */
  readonly label: string;
  /** Of each unit of each layer, whether it takes part. */
  readonly alive: readonly (readonly boolean[])[];
  /** What stands in each unit. */
  readonly texts?: readonly (readonly string[])[];
  /** The weight of each edge: by layer, unit and input. */
  readonly weights?: readonly (readonly (readonly number[])[])[];
  readonly width?: number;
  readonly height?: number;
}

/** Where a weight stands along its edge: beyond the unit that it comes from, and before edges of two units cross. */
const WEIGHT_AT = 0.22;

/** A fully connected network; what takes no part is faint. */
export function Layers({ label, alive, texts, weights, width = 480, height = 240 }: LayersProps) {
  const radius = texts === undefined ? 12 : 24;
  const most = Math.max(...alive.map((layer) => layer.length));
  const x = (layer: number) => radius + 6 + (layer * (width - 2 * radius - 12)) / (alive.length - 1);
  const y = (layer: number, unit: number) => height / 2 + (unit - (alive[layer].length - 1) / 2) * (height / most);
  return (
    <svg class="graph" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
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
          row.map((weight, i) => (
            <Weight
              key={`${layer}.${i}.${j}`}
              x={x(layer) + WEIGHT_AT * (x(layer + 1) - x(layer))}
              y={y(layer, i) + WEIGHT_AT * (y(layer + 1, j) - y(layer, i))}
              text={formatRounded(weight, 2)}
            />
          )),
        ),
      )}
      {alive.flatMap((units, layer) =>
        units.map((here, unit) => (
          <g key={`${layer}.${unit}`} class={here ? "" : "gone"}>
            <circle class="unit" cx={x(layer)} cy={y(layer, unit)} r={radius} />
            {texts !== undefined && (
              <text x={x(layer)} y={y(layer, unit) + 4} text-anchor="middle">
                {texts[layer][unit]}
              </text>
            )}
          </g>
        )),
      )}
    </svg>
  );
}

/** A weight on its edge, which ends before the number and goes on behind it. */
function Weight({ x, y, text }: { readonly x: number; readonly y: number; readonly text: string }) {
  const width = 6 * text.length + 4;
  return (
    <g class="weight">
      <rect x={x - width / 2} y={y - 6.5} width={width} height={13} rx={3} />
      <text x={x} y={y + 3.5} text-anchor="middle">
        {text}
      </text>
    </g>
  );
}

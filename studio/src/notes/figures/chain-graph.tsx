import { t } from "../../i18n/words.js";
import { formatNumber } from "../../ui/format.js";
import { type Chain, EDGES, type Edge, edgeName, NODES, type NodeName } from "../compute/chain.js";
import { Press } from "../parts/press.js";
import w from "./chain.words.js";

const COLUMNS: readonly (readonly NodeName[])[] = [
  ["x1", "x2"],
  ["z1", "z2"],
  ["a1", "a2"],
  ["z3", "z4"],
  ["y1", "y2"],
  ["C"],
];

const PLACES = Object.fromEntries(
  COLUMNS.flatMap((names, column) =>
    names.map((name, row) => [name, [45 + column * 110, names.length === 1 ? 105 : 50 + row * 110] as const]),
  ),
) as Readonly<Record<NodeName, readonly [x: number, y: number]>>;

interface ChainGraphProps {
  readonly answer: Chain | undefined;
  readonly chosen: string;
  /** Names of the edges on the chosen weight's paths. */
  readonly lit: readonly string[];
  readonly onChoose: (edge: string) => void;
}

export const ChainGraph = ({ answer, chosen, lit, onChoose }: ChainGraphProps) => (
  // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be a drawing
  <svg class="graph" viewBox="0 0 640 210" role="group" aria-label={t(w.graph)}>
    {EDGES.map((edge) => {
      const name = edgeName(edge);
      return (
        <Press
          key={name}
          label={labelOf(edge, answer)}
          pressed={name === chosen}
          onPress={() => onChoose(name)}
          class={name === chosen ? "chosen" : ""}
        >
          <Line edge={edge} lit={name === chosen || lit.includes(name)} />
        </Press>
      );
    })}
    {NODES.map((name) => {
      const [x, y] = PLACES[name];
      return (
        <g key={name} class="node">
          <circle class="unit" cx={x} cy={y} r={24} />
          <text x={x} y={y - 3} text-anchor="middle">
            {name}
          </text>
          <text x={x} y={y + 12} text-anchor="middle">
            {answer === undefined ? "…" : answer.nodes[name].toFixed(2)}
          </text>
        </g>
      );
    })}
  </svg>
);

function Line({ edge, lit }: { readonly edge: Edge; readonly lit: boolean }) {
  const [[x1, y1], [x2, y2]] = [PLACES[edge.from], PLACES[edge.to]];
  return (
    <>
      <line class="hit" x1={x1} y1={y1} x2={x2} y2={y2} />
      <line class={lit ? "edge lit" : "edge"} x1={x1} y1={y1} x2={x2} y2={y2} />
      {edge.weight !== undefined && (
        <text x={x1 * 0.66 + x2 * 0.34} y={y1 * 0.66 + y2 * 0.34 - 6} text-anchor="middle">
          {edge.weight}
        </text>
      )}
    </>
  );
}

function labelOf(edge: Edge, answer: Chain | undefined): string {
  const { from, to, weight } = edge;
  const value = answer === undefined ? "…" : formatNumber(answer.local[edgeName(edge)]);
  return weight === undefined ? t(w.edge, from, to, value) : t(w.weighted, from, to, value, weight);
}

// The drawing of the chain rule's figure.
import { t } from "../../i18n/words.js";
import { formatFixed, formatNumber } from "../../ui/format.js";
import { type Chain, EDGES, type Edge, edgeName, NODES, type NodeName, type Path } from "../compute/chain.js";
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
type Point = readonly [x: number, y: number];

const PLACES = Object.fromEntries(
  COLUMNS.flatMap((names, column) =>
    names.map((name, row) => [name, [45 + column * 130, names.length === 1 ? 105 : 40 + row * 130] as const]),
  ),
) as Readonly<Record<NodeName, Point>>;

/** A share of the way along an edge. */
const along = ({ from, to }: Edge, share: number): Point => {
  const [[x1, y1], [x2, y2]] = [PLACES[from], PLACES[to]];
  return [x1 + (x2 - x1) * share, y1 + (y2 - y1) * share];
};

interface ChainGraphProps {
  readonly answer: Chain | undefined;
  /** Name of an edge or of a weight. */
  readonly chosen: string;
  /** The chosen weight's ways to the cost. */
  readonly paths: readonly Path[];
  readonly onChoose: (name: string) => void;
}

export const ChainGraph = ({ answer, chosen, paths, onChoose }: ChainGraphProps) => (
  // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be a drawing
  <svg class="graph whole" viewBox="0 0 740 210" role="group" aria-label={t(w.graph)}>
    {EDGES.map((edge) => {
      const name = edgeName(edge);
      const value = answer === undefined ? "…" : formatNumber(answer.local[name]);
      return (
        <Press
          key={name}
          label={t(w.edge, edge.from, edge.to, value)}
          pressed={name === chosen}
          onPress={() => onChoose(name)}
        >
          <Line edge={edge} chosen={name === chosen} paths={paths} value={value} />
        </Press>
      );
    })}
    {EDGES.map(
      (edge) =>
        edge.weight !== undefined && (
          <Weight key={edge.weight} name={edge.weight} at={along(edge, 0.36)} {...{ answer, chosen, onChoose }} />
        ),
    )}
    {NODES.map((name) => {
      const [x, y] = PLACES[name];
      return (
        <g key={name} class="node">
          <circle class="unit" cx={x} cy={y} r={24} />
          <text x={x} y={y - 3} text-anchor="middle">
            {name}
          </text>
          <text x={x} y={y + 12} text-anchor="middle">
            {answer === undefined ? "…" : formatFixed(answer.nodes[name], 2)}
          </text>
        </g>
      );
    })}
  </svg>
);

interface LineProps {
  readonly edge: Edge;
  readonly chosen: boolean;
  readonly paths: readonly Path[];
  readonly value: string;
}

/** About half as wide and high as a number is written, and what is between it and its line. */
const [HALF_LETTER, HALF_HEIGHT, GAP] = [3.5, 4.5, 6];

/** Where a number stands that belongs to a place of an edge: right of it, or above one that lies level. */
function besideEdge([[x1, y1], [x2, y2]]: readonly [Point, Point], [x, y]: Point, text: string): Point {
  const length = Math.hypot(x2 - x1, y2 - y1);
  // Across the edge, to where there is no edge that crosses it.
  const side = y2 >= y1 ? 1 : -1;
  const [across, down] = [(side * (y2 - y1)) / length, (side * (x1 - x2)) / length];
  const away = Math.abs(across) * text.length * HALF_LETTER + Math.abs(down) * HALF_HEIGHT + GAP;
  return [x + across * away, y + down * away + HALF_HEIGHT];
}

/** An edge; where it is lit, its local derivative stands beside it, a factor of each path that goes through. */
function Line({ edge, chosen, paths, value }: LineProps) {
  const [[x1, y1], [x2, y2]] = [PLACES[edge.from], PLACES[edge.to]];
  const through = paths.flatMap(({ edges }, i) => (edges.includes(edgeName(edge)) ? [i] : []));
  const lit = chosen || through.length > 0;
  const place = along(edge, edge.weight === undefined ? 0.5 : 0.68);
  const [x, y] = besideEdge([PLACES[edge.from], PLACES[edge.to]], place, value);
  // What all paths share looks like the first of them.
  const look = lit ? `edge lit ${through[0] === 1 ? "second" : ""}` : "edge";
  return (
    <>
      <line class="hit" {...{ x1, y1, x2, y2 }} />
      <line class={look} {...{ x1, y1, x2, y2 }} />
      {lit && (
        <text x={x} y={y} text-anchor="middle">
          {value}
        </text>
      )}
    </>
  );
}

interface WeightProps extends Pick<ChainGraphProps, "answer" | "chosen" | "onChoose"> {
  readonly name: string;
  readonly at: Point;
}

const Weight = ({ name, at: [x, y], answer, chosen, onChoose }: WeightProps) => (
  <Press
    label={t(w.weightIs, name, answer === undefined ? "…" : formatNumber(answer.gradient[name]))}
    pressed={name === chosen}
    onPress={() => onChoose(name)}
  >
    <rect class={name === chosen ? "tag lit" : "tag"} x={x - 16} y={y - 10} width={32} height={20} rx={6} />
    <text x={x} y={y + 4} text-anchor="middle">
      {name}
    </text>
  </Press>
);

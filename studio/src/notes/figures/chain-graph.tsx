// The drawing of the chain rule's figure.
import { useRef } from "preact/hooks";
import { t } from "../../i18n/words.js";
import { formatFixed, formatNumber } from "../../ui/format.js";
import { scaled } from "../../ui/text-size.js";
import { useSize } from "../../ui/use-size.js";
import { type Chain, EDGES, type Edge, edgeName, NODES, type NodeName, type Path } from "../compute/chain.js";
import { Press } from "../parts/press.js";
import w from "./chain.words.js";

/** What is computed after one another, from the inputs to the cost. */
const STAGES: readonly (readonly NodeName[])[] = [
  ["x1", "x2"],
  ["z1", "z2"],
  ["a1", "a2"],
  ["z3", "z4"],
  ["y1", "y2"],
  ["C"],
];
type Point = readonly [x: number, y: number];

/** Pixels at the usual size of text: a node, from its middle to its edge and to that of the drawing; two nodes of a stage; two stages. */
const [RADIUS, BORDER, APART, STEP] = [24, 34, 140, 104];

/** Where the nodes are: stages from left to right where there is room for them, else from top to bottom. */
interface Layout {
  readonly width: number;
  readonly height: number;
  readonly places: Readonly<Record<NodeName, Point>>;
  /** On which side of the middle line a place is: -1 or 1, across and down. */
  readonly outwards: (place: Point) => Point;
}

function layoutOf(width: number): Layout {
  const [border, apart] = [scaled(BORDER), scaled(APART)];
  const across = (width - 2 * border) / (STAGES.length - 1);
  const isLevel = across >= scaled(STEP);
  const along = isLevel ? across : scaled(STEP);
  // Stages that stand below each other are as wide as the drawing, within reason.
  const wide = isLevel ? apart : Math.min(width - 2 * border, 1.5 * apart);
  const middle = isLevel ? border + wide / 2 : width / 2;
  const places = STAGES.flatMap((names, stage) =>
    names.map((name, i) => {
      const [on, off] = [border + stage * along, middle + (i - (names.length - 1) / 2) * wide];
      const place: Point = isLevel ? [on, off] : [off, on];
      return [name, place] as const;
    }),
  );
  return {
    width,
    height: isLevel ? 2 * border + wide : 2 * border + (STAGES.length - 1) * along,
    places: Object.fromEntries(places) as Record<NodeName, Point>,
    outwards: ([x, y]) => (isLevel ? [0, y < middle ? -1 : 1] : [x < middle ? -1 : 1, 0]),
  };
}

/** A share of the way along an edge. */
const along = ({ places }: Layout, { from, to }: Edge, share: number): Point => {
  const [[x1, y1], [x2, y2]] = [places[from], places[to]];
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

export function ChainGraph({ answer, chosen, paths, onChoose }: ChainGraphProps) {
  const own = useRef<SVGSVGElement>(null);
  const layout = layoutOf(useSize(own).width);
  const { width, height, places } = layout;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be a drawing
    <svg
      ref={own}
      class="graph whole"
      viewBox={`0 0 ${Math.max(1, width)} ${height}`}
      role="group"
      aria-label={t(w.graph)}
    >
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
            <Line edge={edge} layout={layout} chosen={name === chosen} paths={paths} value={value} />
          </Press>
        );
      })}
      {EDGES.map(
        (edge) =>
          edge.weight !== undefined && (
            <Weight
              key={edge.weight}
              name={edge.weight}
              at={along(layout, edge, 0.36)}
              {...{ answer, chosen, onChoose }}
            />
          ),
      )}
      {NODES.map((name) => {
        const [x, y] = places[name];
        return (
          <g key={name} class="node">
            <circle class="unit" cx={x} cy={y} r={scaled(RADIUS)} />
            <text x={x} y={y - scaled(3)} text-anchor="middle">
              {name}
            </text>
            <text x={x} y={y + scaled(12)} text-anchor="middle">
              {answer === undefined ? "…" : formatFixed(answer.nodes[name], 2)}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

interface LineProps {
  readonly edge: Edge;
  readonly layout: Layout;
  readonly chosen: boolean;
  readonly paths: readonly Path[];
  readonly value: string;
}

/** About half as wide and high as a number is written, and what is between it and its line. */
const [HALF_LETTER, HALF_HEIGHT, GAP] = [3.5, 4.5, 6];

/** Where a number stands that belongs to a place of an edge: beside it, on the side that no edge crosses. */
function besideEdge({ places, outwards }: Layout, { from, to }: Edge, [x, y]: Point, text: string): Point {
  const [[x1, y1], [x2, y2]] = [places[from], places[to]];
  const length = Math.hypot(x2 - x1, y2 - y1) || 1;
  const [across, down] = [(y2 - y1) / length, (x1 - x2) / length];
  const [right, below] = outwards([x, y]);
  const side = across * right + down * below < 0 ? -1 : 1;
  const away = scaled(Math.abs(across) * text.length * HALF_LETTER + Math.abs(down) * HALF_HEIGHT + GAP);
  return [x + side * across * away, y + side * down * away + scaled(HALF_HEIGHT)];
}

/** An edge; where it is lit, its local derivative stands beside it, a factor of each path that goes through. */
function Line({ edge, layout, chosen, paths, value }: LineProps) {
  const [[x1, y1], [x2, y2]] = [layout.places[edge.from], layout.places[edge.to]];
  const through = paths.flatMap(({ edges }, i) => (edges.includes(edgeName(edge)) ? [i] : []));
  const lit = chosen || through.length > 0;
  const [x, y] = besideEdge(layout, edge, along(layout, edge, edge.weight === undefined ? 0.5 : 0.68), value);
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
    <rect
      class={name === chosen ? "tag lit" : "tag"}
      x={x - scaled(16)}
      y={y - scaled(10)}
      width={scaled(32)}
      height={scaled(20)}
      rx={6}
    />
    <text x={x} y={y + scaled(4)} text-anchor="middle">
      {name}
    </text>
  </Press>
);

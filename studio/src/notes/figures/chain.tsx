import { useSignal } from "@preact/signals";
import { t } from "../../i18n/words.js";
import { Choice } from "../../ui/choice.js";
import { Figure } from "../../ui/figure.js";
import { formatNumber } from "../../ui/format.js";
import { Slider } from "../../ui/slider.js";
import { chain, EDGES, edgeName, type Path, pathsOf, START, WEIGHTS } from "../compute/chain.js";
import p from "../parts/parts.words.js";
import { Readings } from "../parts/readings.js";
import { useAnswer } from "../parts/use-answer.js";
import w from "./chain.words.js";
import { ChainGraph } from "./chain-graph.js";

/** Figure 2: local derivatives on every edge, and the paths whose products add up to a gradient. */
export function ChainFigure() {
  const [given, chosen] = [useSignal(START), useSignal("x1→z1")];
  const answer = useAnswer(() => chain(given.value), [given.value]);
  const edge = EDGES.find((e) => edgeName(e) === chosen.value) ?? EDGES[0];
  const paths = answer && edge.weight !== undefined ? pathsOf(edge.weight, answer) : [];
  const change = (name: string) => (value: number) => {
    given.value = { ...given.value, [name]: value };
  };
  const sliders = ["x1", "x2", ...(edge.weight === undefined ? [] : [edge.weight])];
  return (
    <Figure
      title={t(p.figure, "2", t(w.title))}
      caption={t(w.caption)}
      controls={
        <>
          <Choice
            label={t(w.weight)}
            value={edge.weight ?? ""}
            options={[...(edge.weight === undefined ? [""] : []), ...WEIGHTS].map((value) => ({
              value,
              text: value || "–",
            }))}
            onChange={(weight) => {
              chosen.value = edgeName(EDGES.find((e) => e.weight === weight) ?? EDGES[0]);
            }}
          />
          {sliders.map((name) => (
            <Slider
              key={name}
              label={t(w.value, name)}
              value={given.value[name]}
              min={-2}
              max={2}
              step={0.1}
              onInput={change(name)}
            />
          ))}
        </>
      }
    >
      <ChainGraph
        answer={answer}
        chosen={chosen.value}
        lit={paths.flatMap(({ edges }) => edges)}
        onChoose={(name) => {
          chosen.value = name;
        }}
      />
      <Readings
        of={[
          { name: "cost", label: t(w.cost), value: answer?.nodes.C },
          { name: "local", label: `${t(w.local)} ∂${edge.to}/∂${edge.from}`, value: answer?.local[edgeName(edge)] },
        ]}
      />
      {edge.weight !== undefined && <Sum weight={edge.weight} paths={paths} gradient={answer?.gradient[edge.weight]} />}
    </Figure>
  );
}

interface SumProps {
  readonly weight: string;
  readonly paths: readonly Path[];
  readonly gradient: number | undefined;
}

const Sum = ({ weight, paths, gradient }: SumProps) => (
  <>
    <ol class="paths" aria-label={t(w.sum)}>
      {paths.map(({ edges, factors, product }, i) => (
        <li key={edges.join()}>
          {t(w.path, i + 1)}: {factors.map((f) => (f < 0 ? `(${formatNumber(f)})` : formatNumber(f))).join(" · ")} ={" "}
          <data data-reading={`path${i + 1}`} value={String(product)}>
            {formatNumber(product)}
          </data>
        </li>
      ))}
    </ol>
    <Readings
      of={[
        { name: "sum", label: t(w.sum), value: paths.reduce((sum, path) => sum + path.product, 0) },
        { name: "gradient", label: `${t(w.gradient)} ∂C/∂${weight}`, value: gradient },
      ]}
    />
  </>
);

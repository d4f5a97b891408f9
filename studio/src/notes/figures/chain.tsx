import { useSignal } from "@preact/signals";
import { COLON } from "../../i18n/punctuation.js";
import { t } from "../../i18n/words.js";
import { Choice } from "../../ui/choice.js";
import { Figure } from "../../ui/figure.js";
import { formatNumber } from "../../ui/format.js";
import { Formula } from "../../ui/formula.js";
import { Slider } from "../../ui/slider.js";
import { chain, EDGES, edgeName, type Path, pathsOf, START, WEIGHTS } from "../compute/chain.js";
import p from "../parts/parts.words.js";
import { Prose } from "../parts/prose.js";
import { Readings } from "../parts/readings.js";
import { useAnswer } from "../parts/use-answer.js";
import w from "./chain.words.js";
import { ChainGraph } from "./chain-graph.js";

/** Figure 2: local derivatives on every edge, and the paths whose products add up to a gradient. */
export function ChainFigure() {
  // An edge by its name, or a weight by its own.
  const [given, chosen] = [useSignal(START), useSignal("w11")];
  const answer = useAnswer(() => chain(given.value), [given.value]);
  const weight = WEIGHTS.find((name) => name === chosen.value);
  const edge = EDGES.find((e) => e.weight === chosen.value || edgeName(e) === chosen.value) ?? EDGES[0];
  const paths = answer && weight !== undefined ? pathsOf(weight, answer) : [];
  const change = (name: string) => (value: number) => {
    given.value = { ...given.value, [name]: value };
  };
  const choose = (name: string) => {
    chosen.value = name;
  };
  return (
    <Figure
      title={t(p.figure, "2", t(w.title))}
      caption={<Prose text={w.caption} />}
      controls={
        <>
          <Choice
            label={t(w.weight)}
            value={weight ?? ""}
            options={[...(weight === undefined ? [""] : []), ...WEIGHTS].map((value) => ({
              value,
              text: value || "–",
            }))}
            onChange={choose}
          />
          {["x1", "x2", "t1", "t2", ...(edge.weight === undefined ? [] : [edge.weight])].map((name) => (
            <Slider
              key={name}
              label={t(w.value, name)}
              value={given.value[name]}
              min={name.startsWith("t") ? 0 : -2}
              max={name.startsWith("t") ? 1 : 2}
              step={0.1}
              onInput={change(name)}
            />
          ))}
        </>
      }
    >
      <ChainGraph answer={answer} chosen={chosen.value} paths={paths} onChoose={choose} />
      <Readings
        of={[
          {
            name: "cost",
            label: <Formula tex={String.raw`C = \tfrac12 (y_1 - t_1)^2 + \tfrac12 (y_2 - t_2)^2`} />,
            value: answer?.nodes.C,
          },
          ...["t1", "t2"].map((name) => ({ name, label: t(w.target, name), value: given.value[name] })),
          weight === undefined
            ? { name: "local", label: `${t(w.local)} ∂${edge.to}/∂${edge.from}`, value: answer?.local[edgeName(edge)] }
            : { name: "local", label: `${t(w.local)} ∂${edge.to}/∂${weight}`, value: answer?.nodes[edge.from] },
        ]}
      />
      {weight !== undefined && <Sum weight={weight} paths={paths} gradient={answer?.gradient[weight]} />}
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
          <svg viewBox="0 0 28 8" width="28" height="8" aria-hidden="true">
            <path class={i === 1 ? "edge lit second" : "edge lit"} d="M0 4H28" />
          </svg>{" "}
          {t(w.path, i + 1) + t(COLON)}
          {factors.map((f) => (f < 0 ? `(${formatNumber(f)})` : formatNumber(f))).join(" · ")} ={" "}
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

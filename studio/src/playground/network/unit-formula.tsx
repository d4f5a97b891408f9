// Shows what a unit computes, with its numbers.
import type { Inspected, Inspection, Term } from "../../engine/inspect.js";
import { COLON } from "../../i18n/punctuation.js";
import { t } from "../../i18n/words.js";
import { formatFixed, formatNumber } from "../../ui/format.js";
import w from "../playground.words.js";
import { frame, isDigits, probe, settings, setWeight } from "../state.js";
import { chosenLine } from "./chosen.js";
import { Close } from "./close.js";
import { nameOfInput } from "./column.js";
import { WeightField } from "./weight-field.js";
import { Window } from "./window.js";

/** Products that are shown one by one. */
const TERMS = 16;

/** What a unit computes at the chosen place, with its numbers. */
export function UnitFormula({ at }: { readonly at: Inspected }) {
  const kind = settings.value.layers[at.layer]?.kind;
  const found = frame.value?.inspection;
  const own = found?.layer === at.layer && found.unit === at.unit ? found : undefined;
  const [x, y] = probe.value;
  return (
    <section class="inspector" aria-labelledby="inspected">
      <header>
        <h3 id="inspected">{t(w.unitOf, at.unit + 1, at.layer + 1, kind ?? "")}</h3>
        <span class="quiet">
          {isDigits.value
            ? at.cell && t(w.atCell, at.cell[0] + 1, at.cell[1] + 1)
            : t(w.atPlace, formatFixed(x, 2), formatFixed(y, 2))}
        </span>
        <Close />
      </header>
      {own && <Formula of={own} />}
    </section>
  );
}

function Formula({ of }: { readonly of: Inspection }) {
  switch (of.form) {
    case "sum":
      return (
        <>
          {of.window !== undefined && <Window of={of} />}
          <Sum layer={of.layer} terms={of.terms} bias={of.bias} row={of.unit} output={of.output} />
        </>
      );
    case "maxout":
      return (
        <div class="pieces">
          {of.pieces.map(({ terms, bias }, i) => (
            <div key={i}>
              <strong>{t(w.piece, i + 1)}</strong>
              <Sum layer={of.layer} terms={terms} bias={bias} row={of.unit * of.pieces.length + i} />
            </div>
          ))}
          <Result name={t(w.largest)} value={of.output} />
        </div>
      );
    case "max":
    case "mean":
      return (
        <p class="equation">
          {of.form === "max" ? "max" : t(w.mean)}({of.inputs.map(formatNumber).join(", ")}) = <Outcome of={of.output} />
        </p>
      );
    case "function":
      return (
        <p class="equation">
          {FUNCTIONS[of.kind]?.(formatNumber(of.input), of.values) ?? `${of.kind}(${formatNumber(of.input)})`} ={" "}
          <Outcome of={of.output} />
        </p>
      );
    case "softmax": {
      const terms = of.all.map((v) => `e^${formatNumber(v)}`).slice(0, TERMS);
      return (
        <p class="equation">
          e^{formatNumber(of.input)} / ({terms.join(" + ")}) = <Outcome of={of.output} />
        </p>
      );
    }
    case "value":
      return <Result name={t(w.value)} value={of.output} />;
  }
}

/** The functions of one number, as they are written. */
const FUNCTIONS: Readonly<Record<string, (z: string, values: Readonly<Record<string, number | string>>) => string>> = {
  relu: (z) => `max(0, ${z})`,
  leakyRelu: (z, { slope }) => `max(${z}, ${slope} · ${z})`,
  sigmoid: (z) => `1 / (1 + e^−(${z}))`,
  softplus: (z) => `ln(1 + e^${z})`,
  silu: (z) => `${z} / (1 + e^−(${z}))`,
};

const Outcome = ({ of }: { readonly of: number }) => (
  <data id="unit-value" value={of} class={of < 0 ? "negative" : "positive"}>
    {formatNumber(of)}
  </data>
);

const Result = ({ name, value }: { readonly name: string; readonly value: number }) => (
  <p class="equation">
    {name + t(COLON)}
    <Outcome of={value} />
  </p>
);

interface SumProps {
  readonly layer: number;
  readonly terms: readonly Term[];
  readonly bias: number;
  /** Of the bias. */
  readonly row: number;
  /** What it comes to, where nothing follows. */
  readonly output?: number;
}

/** Products that add up: the largest one by one, with weights that can be set by hand. */
function Sum({ layer, terms, bias, row, output }: SumProps) {
  const chosen = chosenLine.value;
  const isChosen = ({ from }: Term) =>
    chosen?.layer === layer && chosen.row === row && from.length === 1 && from[0] === chosen.from;
  // In their own order while there are few; of many the largest.
  const shown =
    terms.length <= TERMS
      ? terms
      : [...terms].sort((a, b) => Math.abs(b.input * b.weight) - Math.abs(a.input * a.weight)).slice(0, TERMS);
  const rest = terms.filter((term) => !shown.includes(term));
  const restSum = rest.reduce((sum, { input, weight }) => sum + input * weight, 0);
  const total = output ?? terms.reduce((sum, { input, weight }) => sum + input * weight, bias);
  return (
    <table class="terms">
      <caption class="equation">
        Σ {t(w.input1)} × {t(w.weight)} + {t(w.bias)} = <Outcome of={total} />
      </caption>
      <thead>
        <tr>
          <th scope="col">{t(w.from)}</th>
          <th scope="col">{t(w.input1)}</th>
          <th scope="col">× {t(w.weight)}</th>
          <th scope="col">= {t(w.product)}</th>
        </tr>
      </thead>
      <tbody>
        {shown.map((term) => (
          <tr key={term.index} class={isChosen(term) ? "chosen" : ""}>
            <th scope="row">{nameOf(layer, term)}</th>
            <td>{formatNumber(term.input)}</td>
            <td>
              <WeightField
                label={t(w.weightOf, nameOf(layer, term))}
                value={term.weight}
                onChange={(value) => setWeight(layer, "weight", term.index, term.weight, value)}
              />
            </td>
            <td>{formatNumber(term.input * term.weight)}</td>
          </tr>
        ))}
        {rest.length > 0 && (
          <tr>
            <td colSpan={4}>{t(w.moreTerms, rest.length, formatNumber(restSum))}</td>
          </tr>
        )}
        <tr>
          <th scope="row">{t(w.bias)}</th>
          <td />
          <td>
            <WeightField
              label={t(w.bias)}
              value={bias}
              onChange={(value) => setWeight(layer, "bias", row, bias, value)}
            />
          </td>
          <td>{formatNumber(bias)}</td>
        </tr>
      </tbody>
    </table>
  );
}

/** What a product comes from: an input by its name, else a unit by its number. */
function nameOf(layer: number, { from }: Term): string {
  if (from.length > 1) return from.map((n) => n + 1).join(", ");
  return layer === 0 && !isDigits.value ? nameOfInput(from[0]) : String(from[0] + 1);
}

import type { Curve } from "tidu/experiment";
import { type Text, t } from "../../i18n/words.js";
import { Prose } from "../parts/prose.js";
import { useAnswer } from "../parts/use-answer.js";
import w from "./answers.words.js";
import { Counts } from "./counts.js";
import { Curves } from "./curves.js";
import { type Found, findExperiment } from "./found.js";
import { byUnit } from "./interval.js";
import { Strips } from "./strips.js";
import { withUnit } from "./unit.js";

interface QuestionProps {
  readonly text: Text;
  /** Name of the experiment that answers it. */
  readonly experiment: string;
}

/** A question from the margin of the notes, and what was measured to answer it. */
export function Question({ text, experiment }: QuestionProps) {
  const found = useAnswer(() => findExperiment(experiment), [experiment]);
  return (
    <section class="question" aria-busy={found === undefined}>
      <Prose as="h2" text={text} />
      {found && <Answer of={found} />}
    </section>
  );
}

/** The verdict, the figures that it rests on, and how to have them again. */
function Answer({ of: { result, words } }: { readonly of: Found }) {
  const { name, date, seeds, command, measures, comparisons, curves, counts, times } = result;
  return (
    <div class="measured" data-experiment={name}>
      <div class="verdict">
        <Prose text={words.verdict} />
      </div>
      <p class="quiet">{t(w.figure)}</p>
      {byUnit(measures).map(([unit, own]) => (
        <Strips key={unit} caption={withUnit(t(w.measured), unit)} of={own} />
      ))}
      {byUnit(comparisons).map(([unit, own]) => (
        <Strips key={unit} caption={withUnit(t(w.differences), unit)} of={own} differences />
      ))}
      {byAxis(curves).map((own) => (
        <Curves key={own[0].id} of={own} />
      ))}
      <div class="side">
        {byUnit(counts).map(([unit, own]) => (
          <Counts key={unit} caption={withUnit(t(w.counted), unit)} of={own} />
        ))}
      </div>
      {times &&
        byUnit(times.measures).map(([unit, own]) => (
          <Strips key={unit} caption={withUnit(t(w.timed, times.machine), unit)} of={own} />
        ))}
      <details>
        <summary>{t(w.how)}</summary>
        <Prose text={words.method} />
      </details>
      <p class="quiet">
        {t(w.again, date, seeds.length)} <code>{command}</code>
      </p>
    </div>
  );
}

/** Curves that can be drawn over each other: of one unit, over the same axis. */
const byAxis = (curves: readonly Curve[]): Curve[][] =>
  byUnit(curves.map((curve) => ({ curve, unit: [curve.unit, curve.x.unit, curve.x.label.en].join("\n") }))).map(
    ([, own]) => own.map(({ curve }) => curve),
  );

// A question from the margin of the notes, and what was measured to answer it.
import { type Text, t } from "../../i18n/words.js";
import { Prose } from "../parts/prose.js";
import { useAnswer } from "../parts/use-answer.js";
import w from "./answers.words.js";
import { Counts } from "./counts.js";
import { Curves } from "./curves.js";
import { type Found, findExperiment } from "./found.js";
import { byAxis, byComparison, byUnit } from "./groups.js";
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
      {byComparison(measures, comparisons).map((own) => (
        <Strips key={own[0].id} caption={withUnit(t(w.measured), own[0].unit)} of={own} />
      ))}
      <div class="side alike">
        {byAxis(curves).map((own) => (
          <Curves key={own[0].id} of={own} />
        ))}
        {byUnit(counts).map((own) => (
          <Counts key={own[0].unit} caption={withUnit(t(w.counted), own[0].unit)} of={own} />
        ))}
      </div>
      {times &&
        byUnit(times.measures).map((own) => (
          <Strips key={own[0].unit} caption={withUnit(t(w.timed, times.machine), own[0].unit)} of={own} />
        ))}
      {comparisons.length > 0 && (
        <details>
          <summary>{t(w.compared, comparisons.length)}</summary>
          {byUnit(comparisons).map((own) => (
            <Strips key={own[0].unit} caption={withUnit(t(w.differences), own[0].unit)} of={own} differences />
          ))}
        </details>
      )}
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

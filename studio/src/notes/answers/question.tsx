// A question from the margin of the notes, and what was measured to answer it.
import type { Comparison } from "@tidu/cli/experiment";
import { useMemo } from "preact/hooks";
import { filled } from "../../../../packages/cli/src/experiment/filled.js";
import { type Text, t } from "../../i18n/words.js";
import { Here } from "../here/here.js";
import { type Own, Trials } from "../here/trial.js";
import { Prose } from "../parts/prose.js";
import { useAnswer } from "../parts/use-answer.js";
import w from "./answers.words.js";
import { Counts } from "./counts.js";
import { Curves } from "./curves.js";
import { type Found, findExperiment } from "./found.js";
import { byAxis, byComparison, byScale, byUnit } from "./groups.js";
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

/** The verdict, the differences that it rests on, and, folded, everything else that was measured. */
function Answer({ of: { result, words } }: { readonly of: Found }) {
  const { name, date, seeds, command, comparisons } = result;
  const trials = useMemo(() => new Trials(), [result]);
  const state = trials.state.value;
  const own = state.type === "done" ? state.own : undefined;
  const [shown, others] = [true, false].map((rests) =>
    comparisons.filter(({ id }) => rests === (words.rests !== undefined && id in words.rests)),
  );
  return (
    <div class="measured" data-experiment={name}>
      <div class="verdict">
        <Prose text={filled(words.verdict, result)} />
      </div>
      <Differences caption={w.differences} of={shown} own={own} />
      <Here of={result} trials={trials} />
      <details>
        <summary>{t(w.all)}</summary>
        <div class="folded">
          <p class="quiet">{t(w.figure)}</p>
          <p class="quiet">
            {t(w.again, date, seeds.length)} <code>{command}</code>
          </p>
          {words.hypothesis && <Prose text={filled(words.hypothesis, result)} />}
          {words.details && <Prose text={filled(words.details, result)} />}
          <h3>{t(w.how)}</h3>
          <Prose text={filled(words.method, result)} />
          <Measured of={result} own={own} />
          <Differences caption={w.others} of={others} own={own} />
        </div>
      </details>
    </div>
  );
}

interface DifferencesProps {
  readonly caption: Text;
  readonly of: readonly Comparison[];
  readonly own: Own | undefined;
}

const Differences = ({ caption, of, own }: DifferencesProps) => (
  <>
    {byScale(of).map((alike, i) => (
      <Strips key={alike[0].id} caption={withUnit(i === 0 ? caption : w.also, alike[0].unit)} of={alike} own={own} />
    ))}
  </>
);

interface MeasuredProps {
  readonly of: Found["result"];
  readonly own: Own | undefined;
}

/** All means, curves, counts and times. */
const Measured = ({ of: { measures, comparisons, curves, counts, times }, own }: MeasuredProps) => (
  <>
    {byComparison(measures, comparisons).map((alike) => (
      <Strips key={alike[0].id} caption={withUnit(w.measured, alike[0].unit)} of={alike} own={own} />
    ))}
    <div class="side alike">
      {byAxis(curves).map((own) => (
        <Curves key={own[0].id} of={own} />
      ))}
      {byUnit(counts).map((own) => (
        <Counts key={own[0].unit} caption={withUnit(w.counted, own[0].unit)} of={own} />
      ))}
    </div>
    {times &&
      byUnit(times.measures).map((own) => (
        <Strips
          key={own[0].unit}
          caption={withUnit({ en: w.timed.en(times.machine), zh: w.timed.zh(times.machine) }, own[0].unit)}
          of={own}
        />
      ))}
  </>
);

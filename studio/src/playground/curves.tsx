import { t } from "../i18n/words.js";
import { Chart } from "../ui/chart.js";
import { formatNumber, formatPercent } from "../ui/format.js";
import { isLarge, isTall } from "../ui/screen.js";
import w from "./playground.words.js";
import { fits, own, position, run } from "./state.js";

/** Loss, on a logarithmic scale, as it goes; the mark is where training stands. */
export function Curves() {
  const { losses, epochs, steps } = run.value;
  const [all, results] = [losses.value, epochs.value];
  const x = [...new Set([...all.map(({ at }) => at), ...results.map(({ epoch }) => epoch)])].sort((a, b) => a - b);
  const along = (values: ReadonlyMap<number, number>) => x.map((at) => values.get(at) ?? null);
  const perEpoch = (read: (result: (typeof results)[number]) => number) =>
    new Map(results.map((result) => [result.epoch, read(result)]));
  const { epoch, step } = position.value;
  const here = epoch + step / Math.max(1, steps.value);
  return (
    <figure class="panel curves" aria-labelledby="curves">
      <h2 id="curves">{t(w.curves)}</h2>
      <Chart
        label={t(w.lossCurve)}
        x={x}
        xName={t(w.epochs)}
        height={isLarge.value ? (isTall.value ? 320 : 190) : 150}
        logarithmic
        mark={here < (x.at(-1) ?? 0) ? here : undefined}
        curves={[
          {
            name: t(w.stepLoss),
            values: along(new Map(all.map(({ at, loss }) => [at, loss]))),
            colour: "--each",
            thin: true,
          },
          { name: t(w.trainLoss), values: along(perEpoch(({ loss }) => loss)), colour: "--train" },
          { name: t(w.testLoss), values: along(perEpoch(({ test }) => test.loss)), colour: "--test", dashed: true },
        ]}
      />
      {x.length === 0 && <p class="quiet no-loss">{t(fits.value ? w.noLoss : w.noLossYet)}</p>}
      <Last />
      {[...all.map(({ loss }) => loss), ...results.flatMap(({ loss, test }) => [loss, test.loss])].includes(0) && (
        <p class="quiet zero-loss">{t(w.zeroLoss)}</p>
      )}
      <Unit />
    </figure>
  );
}

/** What a loss of a table's own numbers is measured in. */
function Unit() {
  const target = own.value?.target;
  if (target === undefined) return null;
  return <p class="quiet loss-unit">{t(w.scaledLoss, target.name, formatNumber((target.high - target.low) / 2))}</p>;
}

/** Accuracy by epoch, where there are classes. */
export function AccuracyCurves() {
  const results = run.value.epochs.value;
  if (run.value.classes.value === undefined) return null;
  return (
    <figure class="panel" aria-labelledby="accuracies">
      <h2 id="accuracies">{t(w.accuracies)}</h2>
      <Chart
        label={t(w.accuracyCurve)}
        x={results.map(({ epoch }) => epoch)}
        xName={t(w.epochs)}
        range={[0, 1]}
        percent
        height={160}
        curves={[
          { name: t(w.trainAccuracy), values: results.map(({ accuracy }) => accuracy ?? null), colour: "--train" },
          {
            name: t(w.testAccuracy),
            values: results.map(({ test }) => test.accuracy ?? null),
            colour: "--test",
            dashed: true,
          },
        ]}
      />
    </figure>
  );
}

/** The numbers of the last epoch; each has all its digits as its value, for programs. */
function Last() {
  const last = run.value.last.value;
  const all = [
    ["loss", w.lossShort, formatNumber],
    ["accuracy", w.accuracies, formatPercent],
  ] as const;
  // Before the first epoch there are columns without numbers, so that nothing moves when they come.
  const shown = all.filter(([id]) => last?.[id] !== undefined || (last === undefined && isKnown(id)));
  const rows = [
    ["training", "", w.trainLoss, last],
    ["testing", "test-", w.testLoss, last?.test],
  ] as const;
  return (
    <table class="last">
      <caption class="visually-hidden">
        {t(w.lastEpoch)}
        {last && (
          <data id="epoch" value={last.epoch}>
            {t(w.epochOf, last.epoch)}
          </data>
        )}
      </caption>
      <thead>
        <tr>
          <td />
          {shown.map(([id, name]) => (
            <th key={id} scope="col">
              {t(name)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([part, prefix, name, result]) => (
          <tr key={part} class={part}>
            <th scope="row">{t(name)}</th>
            {shown.map(([id, , format]) => (
              <td key={id}>
                <Known id={`${prefix}${id}`} value={result?.[id]} format={format} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** There is an accuracy where there are classes. */
const isKnown = (id: "loss" | "accuracy"): boolean => id === "loss" || run.value.classes.value !== undefined;

interface KnownProps {
  readonly id: string;
  readonly value: number | undefined;
  readonly format: (value: number) => string;
}

const Known = ({ id, value, format }: KnownProps) =>
  value === undefined ? (
    <>–</>
  ) : (
    <data id={id} value={value}>
      {format(value)}
    </data>
  );

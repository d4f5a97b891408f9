import { t } from "../i18n/words.js";
import { Chart } from "../ui/chart.js";
import { Figure } from "../ui/figure.js";
import { formatNumber, formatPercent } from "../ui/format.js";
import w from "./playground.words.js";
import { epochs, losses } from "./state.js";

/** Loss and accuracy as they go. */
export function Curves() {
  const [steps, results] = [losses.value, epochs.value];
  const x = [...new Set([...steps.map(({ at }) => at), ...results.map(({ epoch }) => epoch)])].sort((a, b) => a - b);
  const along = (values: ReadonlyMap<number, number>) => x.map((at) => values.get(at) ?? null);
  const perEpoch = (read: (result: (typeof results)[number]) => number) =>
    new Map(results.map((result) => [result.epoch, read(result)]));
  const ends = results.map(({ epoch }) => epoch);
  return (
    <Figure title={t(w.curves)}>
      <Chart
        label={t(w.lossCurve)}
        x={x}
        xName={t(w.epochs)}
        curves={[
          { name: t(w.stepLoss), values: along(new Map(steps.map(({ at, loss }) => [at, loss]))) },
          { name: t(w.trainLoss), values: along(perEpoch(({ loss }) => loss)) },
          { name: t(w.testLoss), values: along(perEpoch(({ test }) => test.loss)), dashed: true },
        ]}
      />
      <Chart
        label={t(w.accuracyCurve)}
        x={ends}
        xName={t(w.epochs)}
        range={[0, 1]}
        height={160}
        curves={[
          { name: t(w.trainAccuracy), values: results.map(({ accuracy }) => accuracy) },
          { name: t(w.testAccuracy), values: results.map(({ test }) => test.accuracy), dashed: true },
        ]}
      />
      <Last />
    </Figure>
  );
}

/** The numbers of the last epoch; each has all its digits as its value, for programs. */
function Last() {
  const last = epochs.value.at(-1);
  if (last === undefined) return null;
  const rows = [
    ["loss", w.trainLoss, last.loss, formatNumber],
    ["accuracy", w.trainAccuracy, last.accuracy, formatPercent],
    ["test-loss", w.testLoss, last.test.loss, formatNumber],
    ["test-accuracy", w.testAccuracy, last.test.accuracy, formatPercent],
  ] as const;
  return (
    <table>
      <caption>
        {t(w.lastEpoch)}:{" "}
        <data id="epoch" value={last.epoch}>
          {t(w.epochOf, last.epoch)}
        </data>
      </caption>
      <tbody>
        {rows.map(([id, name, value, format]) => (
          <tr key={id}>
            <th scope="row">{t(name)}</th>
            <td>
              <data id={id} value={value}>
                {format(value)}
              </data>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

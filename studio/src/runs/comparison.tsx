import { t } from "../i18n/words.js";
import { Chart, type Curve } from "../ui/chart.js";
import { Figure } from "../ui/figure.js";
import { formatNumber, formatPercent } from "../ui/format.js";
import { TableHead } from "../ui/table-head.js";
import w from "./runs.words.js";
import { type Metrics, metrics, runs, shown } from "./state.js";

/** The curves of the runs that are shown, where they stand, and in which settings they differ. */
export function Comparison() {
  if (shown.value.length === 0) return null;
  const epochs = new Set([...metrics.value.values()].flatMap((all) => all.map(({ epoch }) => epoch)));
  const x = [...epochs].sort((a, b) => a - b);
  const hasAccuracy = [...metrics.value.values()].flat().some(({ accuracy }) => accuracy !== undefined);
  return (
    <>
      <Figure title={t(w.loss)}>
        <Chart
          label={t(w.lossCurves)}
          x={x}
          xName={t(w.epochs)}
          curves={curvesOf(
            x,
            ({ loss }) => loss,
            ({ validation }) => validation?.loss,
          )}
        />
      </Figure>
      {hasAccuracy && (
        <Figure title={t(w.accuracy)}>
          <Chart
            label={t(w.accuracyCurves)}
            x={x}
            xName={t(w.epochs)}
            range={[0, 1]}
            curves={curvesOf(
              x,
              ({ accuracy }) => accuracy,
              ({ validation }) => validation?.accuracy,
            )}
          />
        </Figure>
      )}
      <Standing />
      <Differences />
    </>
  );
}

type Read = (metrics: Metrics) => number | undefined;

/** Two curves for each run: of training, and dashed of validation. */
const curvesOf = (x: readonly number[], training: Read, validation: Read): Curve[] =>
  shown.value.flatMap((run, i) => {
    const all = new Map((metrics.value.get(run) ?? []).map((m) => [m.epoch, m]));
    const along = (read: Read) => x.map((epoch) => read(all.get(epoch) ?? NOTHING) ?? null);
    return [
      { name: run, values: along(training), series: i },
      { name: `${run}, ${t(w.validation)}`, values: along(validation), dashed: true, series: i },
    ];
  });

const NOTHING = { epoch: 0 } as Metrics;

const Standing = () => (
  <section class="panel" aria-labelledby="now">
    <h2 id="now">{t(w.now)}</h2>
    <div class="drawing">
      <table id="standing">
        <TableHead names={[w.run, w.epoch, w.loss, w.accuracy, w.validationLoss, w.validationAccuracy]} />
        <tbody>
          {shown.value.map((run) => {
            const last = metrics.value.get(run)?.at(-1);
            return (
              <tr key={run}>
                <th scope="row">{run}</th>
                <td>{last?.epoch}</td>
                <td>{format(last?.loss, formatNumber)}</td>
                <td>{format(last?.accuracy, formatPercent)}</td>
                <td>{format(last?.validation?.loss, formatNumber)}</td>
                <td>{format(last?.validation?.accuracy, formatPercent)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  </section>
);

const format = (value: number | undefined, write: (value: number) => string): string =>
  value === undefined ? "–" : write(value);

/** Settings in which not all of the runs agree. */
function Differences() {
  const chosen = shown.value.flatMap((name) => runs.value?.find((run) => run.name === name) ?? []);
  const settings = chosen.map(({ config }) => ({
    model: config.model?.name,
    data: config.data?.path,
    ...config.training,
  }));
  const names = [...new Set(settings.flatMap(Object.keys))];
  const textOf = (i: number, name: string) => JSON.stringify((settings[i] as Record<string, unknown>)[name]) ?? "–";
  const differing = names.filter((name) => new Set(settings.map((_, i) => textOf(i, name))).size > 1);
  if (differing.length === 0) return null;
  return (
    <section class="panel" aria-labelledby="differences">
      <h2 id="differences">{t(w.differences)}</h2>
      <div class="drawing">
        <table>
          <thead>
            <tr>
              <th scope="col">{t(w.setting)}</th>
              {chosen.map(({ name }) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {differing.map((name) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                {chosen.map((run, i) => (
                  <td key={run.name}>{textOf(i, name)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

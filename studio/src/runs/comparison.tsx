import { settingValue } from "../../../packages/cli/src/runs/setting-values.js";
import { COLON, COMMA, inBrackets, SEMICOLON, STOP } from "../i18n/punctuation.js";
import { t } from "../i18n/words.js";
import { Chart } from "../ui/chart.js";
import type { Curve } from "../ui/curve.js";
import { Figure } from "../ui/figure.js";
import { formatCount, formatNumber, formatPercent } from "../ui/format.js";
import { Name } from "../ui/name.js";
import { isLarge } from "../ui/screen.js";
import { TableHead } from "../ui/table-head.js";
import { Differences } from "./differences.js";
import w from "./runs.words.js";
import { epochsOf, type Metrics, metrics, type Run, readings, runs, shown } from "./state.js";

/** The curves of the runs that are shown, where they stand, and in which settings they differ. */
export function Comparison() {
  if (shown.value.length === 0) return null;
  const epochs = new Set([...metrics.value.values()].flatMap((all) => all.map(({ epoch }) => epoch)));
  const x = [...epochs].sort((a, b) => a - b);
  const height = isLarge.value ? 420 : 240;
  const hasAccuracy = [...metrics.value.values()].flat().some(({ accuracy }) => accuracy !== undefined);
  return (
    <div class="compared">
      <div class="curves-pair">
        <Figure title={t(w.loss)}>
          <Chart
            label={t(w.lossCurves)}
            logarithmic
            height={height}
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
              height={height}
              x={x}
              xName={t(w.epochs)}
              range={[0, 1]}
              percent
              curves={curvesOf(
                x,
                ({ accuracy }) => accuracy,
                ({ validation }) => validation?.accuracy,
              )}
            />
          </Figure>
        )}
      </div>
      <div class="wide-pair">
        <Standing />
        <Differences />
      </div>
    </div>
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
      { name: run + t(COMMA) + t(w.validation), values: along(validation), dashed: true, series: i },
    ];
  });

const NOTHING = { epoch: 0 } as Metrics;

const Standing = () => (
  <section class="panel" aria-labelledby="now">
    <h2 id="now">{t(w.now)}</h2>
    <div class="drawing columns">
      <table id="standing">
        <TableHead names={[w.run, w.epoch, w.loss, w.accuracy, w.validationLoss, w.validationAccuracy, w.best]} />
        <tbody>
          {shown.value.map((run) => {
            const last = metrics.value.get(run)?.at(-1);
            const entry = runs.value?.find(({ name }) => name === run);
            const all = entry && epochsOf(entry);
            return (
              <tr key={run}>
                <th scope="row">
                  <Name of={run} />
                </th>
                <td data-column={t(w.epoch)}>
                  {last &&
                    (all === undefined
                      ? formatCount(last.epoch)
                      : `${formatCount(last.epoch)}\u00a0/\u00a0${formatCount(all)}`)}
                </td>
                <td data-column={t(w.loss)}>{format(last?.loss, formatNumber)}</td>
                <td data-column={t(w.accuracy)}>{format(last?.accuracy, formatPercent)}</td>
                <td data-column={t(w.validationLoss)}>{format(last?.validation?.loss, formatNumber)}</td>
                <td data-column={t(w.validationAccuracy)}>{format(last?.validation?.accuracy, formatPercent)}</td>
                <td data-column={t(w.best)}>{bestText(entry)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
    {shown.value.map((run) => (
      <Unread key={run} run={run} />
    ))}
  </section>
);

/** That a run is not there, or what could not be read of its metrics and what that leaves. */
function Unread({ run }: { readonly run: string }) {
  const entry = runs.value?.find(({ name }) => name === run);
  const reading = readings.value.get(run);
  if (entry === undefined) return runs.value ? <Said run={run} what={t(w.gone)} /> : null;
  if (reading === undefined) return null;
  const { there, empty, read, damaged, first = 0, cut } = reading;
  if (there && !empty && damaged === 0 && cut === undefined) return null;
  if (!there && entry.holder !== undefined) return null;
  const last = metrics.value.get(run)?.at(-1)?.epoch;
  const all = epochsOf(entry);
  const said = !there
    ? [t(w.noCurves)]
    : empty
      ? [t(w.emptyCurves)]
      : [
          t(w.linesRead, read),
          damaged > 0 && t(w.linesDamaged, damaged, first),
          cut !== undefined && t(w.lineCut, cut),
          last !== undefined && all !== undefined && last < all && t(w.stands, formatCount(last), formatCount(all)),
        ];
  return <Said run={run} what={said.filter(Boolean).join(t(SEMICOLON))} />;
}

const Said = ({ run, what }: { readonly run: string; readonly what: string }) => (
  <p class="error">
    <b>
      <Name of={run} />
    </b>
    {t(COLON) + what + t(STOP)}
  </p>
);

/** The best epoch, by which metric it was chosen where the run says it, and what it came to on the validation data. */
function bestText({ best, config }: Partial<Run> = {}): string {
  if (best === undefined) return "–";
  const { epoch, loss, accuracy } = best;
  const metric = config?.training?.metric;
  const values = [loss !== undefined && formatNumber(loss), accuracy !== undefined && formatPercent(accuracy)].filter(
    (value) => value !== false,
  );
  const by = typeof metric === "string" ? t(inBrackets, t(w.chosenBy, t(settingValue("training.metric", metric)))) : "";
  return formatCount(epoch) + by + (values.length === 0 ? "" : t(COLON) + values.join(t(COMMA)));
}

const format = (value: number | undefined, write: (value: number) => string): string =>
  value === undefined ? "–" : write(value);

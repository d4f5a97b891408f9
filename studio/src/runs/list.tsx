// The list of runs.
import { settingValue } from "../../../packages/cli/src/runs/setting-values.js";
import { SEMICOLON } from "../i18n/punctuation.js";
import { t } from "../i18n/words.js";
import { formatCount } from "../ui/format.js";
import { Name } from "../ui/name.js";
import { TableHead } from "../ui/table-head.js";
import w from "./runs.words.js";
import { epochsOf, type Run, runs, shown, toggle } from "./state.js";

/** A run's state: its progress, and what its files do not tell. */
function standOf(run: Run): string {
  if (run.problem !== undefined) return t(w[run.problem]);
  const state = stateOf(run.finished, run.holder);
  const { epoch, problem } = run.metrics ?? {};
  const all = epochsOf(run);
  const place =
    epoch === undefined
      ? ""
      : all === undefined
        ? t(w.at, formatCount(epoch))
        : t(w.atOf, formatCount(epoch), formatCount(all));
  const isShort = epoch !== undefined && all !== undefined && epoch < all;
  // Before its first epoch a run that trains has no metrics yet, and the line that it is writing is not whole.
  const trouble = [
    state !== "training" && problem === "missing" && t(w.missing),
    state !== "training" && problem === "empty" && t(w.empty),
    problem === "damaged" && t(epoch === undefined ? w.unread : w.damaged),
    state === "finished" && isShort && t(w.short, formatCount(epoch), formatCount(all)),
  ];
  return [t(w[state]), state !== "finished" && place, ...trouble].filter(Boolean).join(t(SEMICOLON));
}

/** A run that no process trains and that has no result was stopped. */
const stateOf = (finished: boolean, holder: Run["holder"]) =>
  finished ? "finished" : holder === undefined ? "stopped" : "training";

/** All runs, to choose from. */
export function List() {
  const all = runs.value;
  if (all === undefined) return null;
  if (all === null) return <p>{t(w.unreachable)}</p>;
  return (
    <section class="panel" aria-labelledby="all">
      <h2 id="all">{t(w.all)}</h2>
      {all.length === 0 ? <p>{t(w.none)}</p> : <Table all={all} />}
    </section>
  );
}

const Table = ({ all }: { readonly all: readonly Run[] }) => (
  <div class="drawing columns">
    <table>
      <TableHead names={[w.run, w.state, w.model, w.data]} />
      <tbody>
        {all.map((run) => (
          <tr key={run.name}>
            <th scope="row">
              <label>
                <input
                  type="checkbox"
                  aria-label={t(w.show, run.name)}
                  checked={shown.value.includes(run.name)}
                  onChange={() => toggle(run.name)}
                />{" "}
                <Name of={run.name} />
              </label>
            </th>
            <td data-column={t(w.state)}>{standOf(run)}</td>
            <td data-column={t(w.model)}>
              {run.config.model?.name && <Name of={t(settingValue("model.name", run.config.model.name))} />}
            </td>
            <td data-column={t(w.data)}>{run.config.data?.path && <Name of={run.config.data.path} />}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

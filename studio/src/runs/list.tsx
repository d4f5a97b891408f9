import { t } from "../i18n/words.js";
import { TableHead } from "../ui/table-head.js";
import w from "./runs.words.js";
import { type Run, runs, shown, toggle } from "./state.js";

/** A run that nobody trains any more, and that has no result, was stopped. */
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
  <div class="drawing">
    <table>
      <TableHead names={[w.run, w.model, w.data, w.state]} />
      <tbody>
        {all.map(({ name, config, finished, problem, holder }) => (
          <tr key={name}>
            <th scope="row">
              <label>
                <input
                  type="checkbox"
                  aria-label={t(w.show, name)}
                  checked={shown.value.includes(name)}
                  onChange={() => toggle(name)}
                />{" "}
                {name}
              </label>
            </th>
            <td>{config.model?.name}</td>
            <td>{config.data?.path}</td>
            <td>{t(problem === undefined ? w[stateOf(finished, holder)] : w[problem])}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

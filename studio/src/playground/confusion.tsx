import { t } from "../i18n/words.js";
import { Name } from "../ui/name.js";
import w from "./playground.words.js";
import { nameOfClass, run } from "./state.js";

/** What was taken for what. */
export function Confusion() {
  const confusion = run.value.last.value?.confusion;
  if (confusion === undefined || confusion.length === 0) return null;
  const classes = Math.sqrt(confusion.length);
  const numbers = Array.from({ length: classes }, (_, i) => i);
  return (
    <figure class="panel" aria-labelledby="confusion">
      <h2 id="confusion">{t(w.confusion)}</h2>
      <div class="drawing">
        <table class="confusion">
          <thead>
            <tr>
              <td />
              {numbers.map((column) => (
                <th key={column} scope="col">
                  <Name of={nameOfClass(column)} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {numbers.map((row) => (
              <tr key={row}>
                <th scope="row">
                  <Name of={nameOfClass(row)} />
                </th>
                {numbers.map((column) => (
                  <td
                    key={column}
                    class={row === column ? "right" : confusion[row * classes + column] > 0 ? "mistake" : ""}
                  >
                    {confusion[row * classes + column]}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <figcaption>{t(w.confusionCaption)}</figcaption>
    </figure>
  );
}

import { t } from "../i18n/words.js";
import { Figure } from "../ui/figure.js";
import w from "./playground.words.js";
import { epochs } from "./state.js";

/** What was taken for what. */
export function Confusion() {
  const confusion = epochs.value.at(-1)?.confusion;
  if (confusion === undefined) return null;
  const classes = Math.sqrt(confusion.length);
  const numbers = Array.from({ length: classes }, (_, i) => i);
  return (
    <Figure title={t(w.confusion)} caption={t(w.confusionCaption)}>
      <table class="confusion">
        <thead>
          <tr>
            <td />
            {numbers.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {numbers.map((row) => (
            <tr key={row}>
              <th scope="row">{row}</th>
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
    </Figure>
  );
}

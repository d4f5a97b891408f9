import type { Count } from "@tidu/cli/experiment";
import { t } from "../../i18n/words.js";
import { formatCount } from "../../ui/format.js";
import { Scrolled } from "../../ui/scrolled.js";
import w from "./answers.words.js";

/** Numbers that no seed changes. */
export const Counts = ({ caption, of }: { readonly caption: string; readonly of: readonly Count[] }) => (
  <Scrolled label={caption}>
    <table>
      <caption>{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{t(w.what)}</th>
          <th scope="col">{t(w.value)}</th>
        </tr>
      </thead>
      <tbody>
        {of.map(({ id, label, value }) => (
          <tr key={id}>
            <th scope="row">{t(label)}</th>
            <td>
              <data data-count={id} value={String(value)}>
                {formatCount(value)}
              </data>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </Scrolled>
);

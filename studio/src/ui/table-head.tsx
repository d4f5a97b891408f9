import { type Text, t } from "../i18n/words.js";

/** The first row of a table: the columns' names. */
export function TableHead({ names }: { readonly names: readonly Text[] }) {
  return (
    <thead>
      <tr>
        {names.map((name) => (
          <th key={name.en} scope="col">
            {t(name)}
          </th>
        ))}
      </tr>
    </thead>
  );
}

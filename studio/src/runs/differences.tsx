// In which settings runs differ, in words.
import { settingName } from "../../../packages/cli/src/runs/setting-names.js";
import { settingValue } from "../../../packages/cli/src/runs/setting-values.js";
import { COMMA } from "../i18n/punctuation.js";
import { t } from "../i18n/words.js";
import { formatExact } from "../ui/format.js";
import { Name } from "../ui/name.js";
import w from "./runs.words.js";
import { type Run, runs, shown } from "./state.js";

/** The settings in a config.json: not facts inferred from the data, and not paths of stored files. */
const SETTINGS = /^(model|data\.(path|validation|test|options|fingerprint)|training|versions)(\.|$)/;
const NO_SETTINGS = /^training\.(checkpoint|tensorboard|report)(\.|$)/;

/** Settings in which not all of the runs agree. */
export function Differences() {
  const all = shown.value.flatMap((name) => runs.value?.find((run) => run.name === name) ?? []);
  // A run whose settings can't be read would differ from the others in all of them.
  const chosen = all.filter((run) => settingsOf(run).size > 0);
  const settings = chosen.map((run) => settingsOf(run));
  const paths = [...new Set(settings.flatMap((own) => [...own.keys()]))];
  const differing = paths.filter((path) => new Set(settings.map((own) => own.get(path))).size > 1);
  if (differing.length === 0) return null;
  return (
    <section class="panel" aria-labelledby="differences">
      <h2 id="differences">{t(w.differences)}</h2>
      <div class="drawing columns">
        <table>
          <thead>
            <tr>
              <th scope="col">{t(w.setting)}</th>
              {chosen.map(({ name }) => (
                <th key={name} scope="col">
                  <Name of={name} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {differing.map((path) => (
              <tr key={path}>
                <th scope="row">{t(settingName(path))}</th>
                {chosen.map(({ name }, i) => (
                  <td key={name} data-column={name}>
                    <Name of={settings[i].get(path) ?? "–"} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** A run's settings as they are shown, by the paths of their keys. */
function settingsOf({ config }: Run): ReadonlyMap<string, string> {
  return new Map(
    leaves(config, "").flatMap(([path, value]) =>
      SETTINGS.test(path) && !NO_SETTINGS.test(path) ? [[path, textOf(path, value)] as const] : [],
    ),
  );
}

/** Everything that is not a record, with the keys that lead to it. */
function leaves(value: unknown, path: string): [path: string, value: unknown][] {
  if (value === null || value === undefined) return [];
  if (typeof value !== "object" || Array.isArray(value)) return [[path, value]];
  return Object.entries(value).flatMap(([key, own]) => leaves(own, path === "" ? key : `${path}.${key}`));
}

function textOf(path: string, value: unknown): string {
  if (Array.isArray(value)) return value.map((own) => textOf(path, own)).join(t(COMMA));
  if (typeof value === "boolean") return t(value ? w.yes : w.no);
  if (typeof value === "number") return formatExact(value);
  if (path === "training.validation" && value === "test") return t(w.test);
  const text = typeof value === "string" ? t(settingValue(path, value)) : JSON.stringify(value);
  const isLong = path === "data.fingerprint" || path === "model.source" || path.startsWith("model.files");
  return isLong && text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** Characters of a fingerprint or a source that are shown. */
const LONGEST = 12;

// What is said of a setting in a file for `--config` that is nowhere, or in another place.
import { nearest } from "../../text/nearest.js";

const leafOf = (place: string): string => place.slice(place.lastIndexOf(".") + 1);
/** Options are said as batch-size, settings as batchSize. */
const plain = (name: string): string => name.replaceAll(/[-_]/g, "").toLowerCase();

/** Names of settings that are options under another name. */
const ALIASES: Readonly<Record<string, string>> = {
  validationdata: "data.validation",
  testdata: "data.test",
  checkpointevery: "training.checkpoint",
  set: "model.options",
  format: "data.options.kind",
  freeze: "model.from.freeze",
  features: "model.from.features",
};

/**
 * @param path keys down to the unknown one.
 * @param places all settings there are, such as training.lr.
 */
export function unknownSetting(path: readonly string[], places: readonly string[]): string {
  const [name, parent] = [path[path.length - 1], path.slice(0, -1).join(".")];
  const near = suggestion(name, parent, places);
  const others = places.filter((place) => parentOf(place) === parent).map(leafOf);
  return `there is no setting ${path.join(".")}; use ${near ?? others.join(", ")}`;
}

const parentOf = (place: string): string => (place.includes(".") ? place.slice(0, place.lastIndexOf(".")) : "");

/** The same name in another place; else the nearest name, here before elsewhere. */
function suggestion(name: string, parent: string, places: readonly string[]): string | undefined {
  const same = places.find((place) => plain(leafOf(place)) === plain(name));
  const alias = Object.hasOwn(ALIASES, plain(name)) ? ALIASES[plain(name)] : undefined;
  if (same !== undefined || alias !== undefined) return same ?? alias;
  for (const some of [places.filter((place) => parentOf(place) === parent), places]) {
    const near = nearest(
      plain(name),
      some.map((place) => plain(leafOf(place))),
    );
    const found = some.find((place) => plain(leafOf(place)) === near);
    if (found !== undefined) return found;
  }
  return undefined;
}

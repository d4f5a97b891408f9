// Names that a person would take for one.
import { show } from "tidu/internal";

/** Groups of names that are told of. */
const MOST = 3;

const plain = (name: string): string => name.normalize("NFKC").trim().replaceAll(/\s+/g, " ").toLowerCase();

/** Says of names that differ only by case, spaces or Unicode normalization that they stay apart; undefined if there are none. */
export function alikeNote(names: readonly string[]): string | undefined {
  const groups = new Map<string, string[]>();
  for (const name of names) {
    const key = plain(name);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [name]);
    else group.push(name);
  }
  const several = [...groups.values()].filter((group) => group.length > 1);
  if (several.length === 0) return undefined;
  const told = several.slice(0, MOST).map((group) => group.map((name) => show(name)).join(" and "));
  const more = several.length > MOST ? ", and others" : "";
  return `${told.join(", ")}${more} differ only by ${[...new Set(several.flatMap(differences))].join(" or ")}, and stay apart; if they mean the same, write them alike`;
}

function differences(group: readonly string[]): string[] {
  const differ = (change: (name: string) => string): boolean => new Set(group.map(change)).size < new Set(group).size;
  return [
    ...(differ((name) => name.toLowerCase()) ? ["case"] : []),
    ...(differ((name) => name.normalize("NFKC")) ? ["Unicode normalization (as NFC and NFD do)"] : []),
    ...(differ((name) => name.trim().replaceAll(/\s+/g, " ")) ? ["spaces"] : []),
  ];
}

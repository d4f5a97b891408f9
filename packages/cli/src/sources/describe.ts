// Lines of text that describe data.
import type { Dataset } from "tidu/data";
import { brief } from "tidu/internal";
import { counted } from "../text/numbers.js";
import type { Parts } from "./parts.js";

/** A class this many times as frequent as another is reported. */
const UNEVEN = 3;
const NAMES_SHOWN = 10;

const number = (n: number): string => n.toLocaleString("en");

/** The number of samples of each part. */
export function countsLine({ train, validation, test }: Parts<Dataset>, what: string): string {
  const others = [
    validation === undefined ? "" : `, ${number(validation.count)} to validate`,
    test === undefined ? "" : `, ${number(test.count)} to test`,
  ];
  return `${number(train.count)} ${what} to train${others.join("")}`;
}

/** The classes, and how evenly they are spread over the training samples. */
export function classesLine(classes: readonly string[], labels: ArrayLike<number>): string {
  const counts = new Array<number>(classes.length).fill(0);
  for (let i = 0; i < labels.length; i++) counts[labels[i]]++;
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const range =
    least === most ? `${counted(least, "sample")} each` : `${number(least)} to ${number(most)} samples each`;
  const uneven =
    least > 0 && most > UNEVEN * least
      ? "; uneven: class weights help (--class-weights balanced; in code classWeights of tidu/data)"
      : "";
  return `${classes.length} classes (${namesLine(classes)}), ${range}${uneven}`;
}

/** Names, the first ones if there are many. */
export const namesLine = (names: readonly string[]): string =>
  names.slice(0, NAMES_SHOWN).map(brief).join(", ") + (names.length > NAMES_SHOWN ? ", …" : "");

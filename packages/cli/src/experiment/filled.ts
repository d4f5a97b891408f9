// Fills the numbers of a result into an experiment's texts, so that text and result always agree.
import { formatCount, likeInterval } from "../text/numbers.js";
import type { Result } from "./result.js";
import type { Interval } from "./statistics.js";
import type { Text } from "./words.js";

type Language = keyof Text;

/** What may stand behind an id. */
const SHOWN: Readonly<Record<string, (of: Interval, show: (x: number) => string, language: Language) => string>> = {
  mean: ({ mean }, show) => show(mean),
  size: ({ mean }, show) => show(Math.abs(mean)),
  interval: ({ mean, low, high }, show, language) =>
    `${show(low ?? mean)} ${language === "en" ? "to" : "到"} ${show(high ?? mean)}`,
};

/**
 * A text of an experiment with the numbers of its result: `{id}` is the mean of a measure, comparison or time, or a
 * count; `{id:size}` the mean without its sign, `{id:interval}` the ends of its interval; `{curve@x}` a point of a
 * curve. Numbers have as many digits as their intervals leave meaning to.
 *
 * @throws Error for an id that the result does not have.
 */
export function filled(text: Text, result: Omit<Result, "date" | "command" | "engine">): Text {
  const write = (language: Language) =>
    text[language].replace(/\{([^{}:]+)(?::([a-z]+))?\}/g, (_, id: string, how = "mean") => {
      const found = numberOf(id, result);
      if (found === undefined) throw new Error(`the result of ${result.name} has no "${id}"; its texts name it`);
      return typeof found === "number" ? formatCount(found) : SHOWN[how](found, likeInterval(found), language);
    });
  return { en: write("en"), zh: write("zh") };
}

function numberOf(
  id: string,
  { measures, comparisons, curves, counts, times }: Omit<Result, "date" | "command" | "engine">,
) {
  const measured = [...measures, ...comparisons, ...(times?.measures ?? [])].find((one) => one.id === id);
  const [curve, x] = id.split("@");
  return (
    measured ??
    counts.find((one) => one.id === id)?.value ??
    curves.find((one) => one.id === curve)?.points.find((point) => String(point.x) === x)
  );
}

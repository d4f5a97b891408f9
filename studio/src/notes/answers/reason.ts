// Why a difference is called what it is called, told where its numbers stand.
import type { Comparison } from "@tidu/cli/experiment";
import { t } from "../../i18n/words.js";
import { formatExact } from "../../ui/format.js";
import w from "./answers.words.js";

/** What was found of a difference; of one that is not established, what it lacks. */
export function reasonOf(of: Comparison): keyof typeof w {
  if (of.finding !== "open") return of.finding ?? "unmeasured";
  const [low, high] = [of.low ?? of.mean, of.high ?? of.mean];
  if (low <= 0 && high >= 0) return "zero";
  if (Math.abs(of.mean) >= of.matters) return "apart";
  return Math.max(-low, high) < of.matters ? "small" : "beyond";
}

/** The same in words, with the size that would matter. */
export const findingText = (of: Comparison): string =>
  t(
    w[reasonOf(of)] as { readonly en: (matters: string) => string; readonly zh: (matters: string) => string },
    formatExact(of.matters),
  );

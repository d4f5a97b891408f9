// How the units of results are said beside a number, in both languages; a unit that is not here stands as it is.
import type { Text } from "./words.js";

export const UNITS: Readonly<Record<string, Text>> = {
  points: { en: "percentage points", zh: "个百分点" },
  products: { en: "multiplications", zh: "次乘法" },
  parameters: { en: "parameters", zh: "个参数" },
  numbers: { en: "numbers", zh: "个数" },
};

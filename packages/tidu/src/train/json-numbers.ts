// Numbers that JSON cannot write, such as NaN; a validation loss may be one.

const SPELLED = new Map(
  [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map((n) => [String(n), n]),
).set("-0", -0);

/** For `JSON.stringify`. */
export const spellNumber = (_: string, value: unknown): unknown => {
  if (Object.is(value, -0)) return "-0";
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
};

/** For `JSON.parse`. */
export const readNumber = (_: string, value: unknown): unknown => SPELLED.get(value as string) ?? value;

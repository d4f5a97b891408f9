import { afterAll, describe, it } from "vitest";
import { checkDamaged } from "./damage.js";
import { damagedFormats } from "./formats.js";

const CASES = 10_000;
const { formats, close } = await damagedFormats();
afterAll(close);

describe(`${CASES} damaged files`, () => {
  for (const format of formats) it(format.name, () => checkDamaged(format, CASES));
});

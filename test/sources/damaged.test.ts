import { afterAll, describe, it } from "vitest";
import { checkDamaged } from "../fuzz/damage.js";
import { damagedFormats } from "../fuzz/formats.js";

const CASES = 500;
const { formats, close } = await damagedFormats();
afterAll(close);

describe("a damaged file is refused with its name, or gives a result, and takes no more memory than it should", () => {
  for (const format of formats) it(format.name, () => checkDamaged(format, CASES));
});

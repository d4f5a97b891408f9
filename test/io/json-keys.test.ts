import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jsonKeys } from "../../packages/tidu/src/io/json-keys.js";

describe("jsonKeys", () => {
  it("finds the keys of the outermost object in any JSON that has none twice", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.constantFrom(0, 2), (object, indent) => {
        const json = JSON.stringify(object, null, indent);
        const { outermost, duplicate } = jsonKeys(json);
        expect(duplicate).toBeUndefined();
        expect([...outermost.keys()]).toEqual(Object.keys(JSON.parse(json)));
        for (const [key, position] of outermost) expect(json.startsWith(JSON.stringify(key), position)).toBe(true);
      }),
    );
  });

  it.each([
    ['{"a":1,"a":2}', "a", 7],
    ['{"b":[{"a":{"x":":{"},"\\u0061":0}]}', "a", 22],
    ['{"":0,"":0}', "", 6],
  ])("finds the key that %s has twice", (json, key, position) => {
    expect(jsonKeys(json).duplicate).toEqual({ key, position });
  });

  it("lets different objects have the same key", () => {
    expect(jsonKeys('[{"a":{"a":1}},{"a":["a","a"]}]').duplicate).toBeUndefined();
  });
});

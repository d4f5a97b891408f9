import { InvalidArgumentError } from "commander";
import { describe, expect, it } from "vitest";
import { interval, notNegative, positive, shape, share, whole } from "../../packages/cli/src/cli/values.js";

describe("values of options", () => {
  it.each<[(text: string) => unknown, string, unknown]>([
    [whole(1, 64), "64", 64],
    [whole(0), "9007199254740991", 9007199254740991],
    [positive, "1e-3", 0.001],
    [notNegative, "0", 0],
    [share, "0.1", 0.1],
    [share, "0", 0],
    [shape, "1x28x28", [1, 28, 28]],
    [shape, "4", [4]],
    [interval, "500", { everySteps: 500 }],
    [interval, "30s", { everySeconds: 30 }],
  ])("%# are read: %s", (read, text, value) => expect(read(text)).toEqual(value));

  it.each<[(text: string) => unknown, string, RegExp]>([
    [whole(1, 64), "0", /whole number from 1 to 64/],
    [whole(1, 64), "65", /whole number from 1 to 64/],
    [whole(1), "2.5", /whole number/],
    [whole(1), "", /whole number/],
    [whole(0), "9007199254740993", /whole number/],
    [whole(0), "1e3", /whole number/],
    [positive, "0", /above 0/],
    [positive, "-1", /above 0/],
    [positive, "NaN", /above 0/],
    [positive, " ", /above 0/],
    [positive, "Infinity", /above 0/],
    [notNegative, "-0.1", /at least 0/],
    [notNegative, "", /at least 0/],
    [share, "1", /below 1/],
    [share, "-0.1", /at least 0/],
    [share, "half", /such as 0.1/],
    [shape, "1x0", /sizes of at least 1/],
    [shape, "28 x 28", /joined by x/],
    [shape, "", /joined by x/],
    [interval, "0", /steps/],
    [interval, "5m", /seconds/],
  ])("%# are refused with the mend: %s", (read, text, message) => {
    expect(() => read(text)).toThrow(InvalidArgumentError);
    expect(() => read(text)).toThrow(message);
  });
});

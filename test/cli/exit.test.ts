import { describe, expect, it } from "vitest";
import { endingOf, Interrupted } from "../../packages/cli/src/cli/exit.js";
import { ArgumentError, DataError, FormatError, NumericError } from "../../packages/tidu/src/base/errors.js";

describe("the end of a command", () => {
  it.each<[Error, number, string]>([
    [new ArgumentError("lr is 0"), 2, "lr is 0"],
    [new DataError("there are no samples"), 1, "there are no samples"],
    [new FormatError("a.csv", 3, "it is damaged"), 1, "a.csv: byte 3: it is damaged"],
    [new NumericError("the loss\n  is NaN"), 1, "the loss is NaN"],
    [new Interrupted("SIGINT", "stopped"), 130, "stopped"],
    [new Interrupted("SIGTERM", "stopped"), 143, "stopped"],
    [
      Object.assign(new Error("ENOENT: stat"), { code: "ENOENT", syscall: "stat", path: "no.csv" }),
      2,
      "no.csv: there is no such file or folder, or it is a broken link",
    ],
    [
      Object.assign(new Error("ENOSPC: no space"), { code: "ENOSPC", syscall: "write" }),
      1,
      "write: the disk is full; free some space",
    ],
  ])("by %s has a code and one line", (error, code, message) => {
    expect(endingOf(error)).toEqual({ code, message });
  });

  it("by a bug is not covered up", () => {
    expect(() => endingOf(new TypeError("x is undefined"))).toThrow(TypeError);
  });
});

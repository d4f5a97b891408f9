// What the system says becomes plain words, without names that nobody gave.
import { expect, it } from "vitest";
import { systemReason } from "../../packages/tidu/src/base/system.js";

const failure = (code: string, reason: string): Error =>
  Object.assign(new Error(`${code}: ${reason}, open '/data/.tidu-1.tmp'`), { code, syscall: "open" });

it.each([
  ["EACCES", "permission denied", "permission is denied; change its permissions, or choose another place"],
  ["EROFS", "read-only file system", "the file system there is read-only; choose another place"],
  ["ENOSPC", "no space left on device", "the disk is full; free some space"],
  ["EMFILE", "too many open files", "too many files are open; close some, or raise the limit (ulimit -n)"],
  ["ELOOP", "too many symbolic links encountered", "its symbolic links form a loop; correct them"],
  ["ENOENT", "no such file or directory", "there is no such file or folder"],
  ["EDOM", "a thing that nobody knows", "EDOM: a thing that nobody knows"],
])("%s", (code, reason, words) => {
  expect(systemReason(failure(code, reason))).toBe(words);
});

it("says of a missing folder what the caller knows of it, and leaves other errors alone", () => {
  expect(systemReason(failure("ENOENT", "no such file"), "there is no such directory")).toBe(
    "there is no such directory",
  );
  expect(systemReason(new Error("it became shorter"))).toBe("it became shorter");
});

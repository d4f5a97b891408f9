// What the operating system says of a file, in plain words.

const DENIED = "permission is denied; change its permissions, or choose another place";
const OPEN = "too many files are open; close some, or raise the limit (ulimit -n)";
/** Reasons by the codes that Node gives, with what to do. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file or folder",
  EACCES: DENIED,
  EPERM: DENIED,
  EROFS: "the file system there is read-only; choose another place",
  ENOSPC: "the disk is full; free some space",
  EISDIR: "it is a folder; give the name of a file",
  ELOOP: "its symbolic links form a loop; correct them",
  ENAMETOOLONG: "its name is too long; choose a shorter one",
  EMFILE: OPEN,
  ENFILE: OPEN,
  EIO: "the disk or network drive reports an input/output error; check it",
  EDQUOT: "your disk quota is used up; free some space",
  ENOTDIR: "a part of its path is a file, not a folder; correct the path",
};

/**
 * Why a call of the system failed. The name of the file is left to who calls: the system may have been given a temporary
 * one.
 *
 * @param missing what to say where there is nothing by that name.
 */
export function systemReason(cause: unknown, missing: string = REASONS.ENOENT): string {
  const { code = "", message, syscall } = cause as NodeJS.ErrnoException;
  if (code === "ENOENT") return missing;
  if (Object.hasOwn(REASONS, code)) return REASONS[code];
  // Node's form is "CODE: reason, call 'path'".
  const end = syscall === undefined ? -1 : message.lastIndexOf(`, ${syscall}`);
  return end < 0 ? message : message.slice(0, end);
}

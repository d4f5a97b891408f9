// How commands end: exit codes, and signals that stop training.
import { dirname } from "node:path";
import { CommanderError } from "commander";
import { ArgumentError, TiduError } from "tidu";
import { systemReason } from "tidu/internal";
import { inCommands } from "./advice.js";

/** The process's exit codes. 128 plus the signal's number is the shell's own convention. */
export const EXIT = { ok: 0, failure: 1, usage: 2, SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** Signals at which training keeps what it has and ends. A terminal that is closed sends SIGHUP. */
export const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
export type EndingSignal = (typeof SIGNALS)[number];

/** Thrown where a signal ended training, after its last step was finished and saved. */
export class Interrupted extends Error {
  constructor(
    readonly signal: EndingSignal,
    message?: string,
  ) {
    super(message);
  }
}

/** How a command ended: the exit code, and a line with the reason, if there is one. */
export interface Ending {
  readonly code: number;
  readonly message?: string;
}

/** The exit code and message of an error. An error that Tidu did not throw on purpose is a bug and is passed on. */
export function endingOf(error: unknown): Ending {
  if (error instanceof CommanderError) return usage(error);
  if (error instanceof Interrupted) return { code: EXIT[error.signal], message: error.message || undefined };
  if (error instanceof ArgumentError) return { code: EXIT.usage, message: messageOf(error) };
  if (isSystemError(error) && error.code === "ENOENT" && error.path !== undefined) {
    return { code: EXIT.usage, message: `${error.path}: there is no such file or folder, or it is a broken link` };
  }
  if (error instanceof TiduError) return { code: EXIT.failure, message: messageOf(error) };
  if (isSystemError(error)) return { code: EXIT.failure, message: `${placeOf(error)}: ${systemReason(error)}` };
  throw error;
}

/** The file that the system was asked for; of one that was to get its name later, its folder. */
const placeOf = ({ path, dest, syscall = "system" }: NodeJS.ErrnoException & { readonly dest?: string }): string =>
  [dest, path].find((each) => each !== undefined && !TEMPORARY.test(each)) ??
  (path === undefined ? syscall : dirname(path));

const TEMPORARY = /(^|[\\/])\.tidu-[^\\/]*$/;

/** The argument parser also throws after `--help` and `--version`. */
function usage({ exitCode, code, message }: CommanderError): Ending {
  if (exitCode === 0) return { code: EXIT.ok };
  if (code === "commander.help") return { code: EXIT.usage };
  return { code: EXIT.usage, message: `${oneLine(message).replace(/^error: |\.$/g, "")}; --help shows what there is` };
}

/** An error's message in one line, with advice for those who use commands. */
export const messageOf = ({ message }: Error): string => inCommands(oneLine(message));

export const oneLine = (text: string): string => text.trim().replaceAll(/\s*\n\s*/g, " ");

/** A full disk or a folder without write permission is not a bug. */
export const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && "syscall" in error && "code" in error;

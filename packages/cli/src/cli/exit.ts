import { CommanderError } from "commander";
import { ArgumentError, TiduError } from "tidu";

/** What the process's exit status says. 128 and the signal's number is the shell's own convention. */
export const EXIT = { ok: 0, failure: 1, usage: 2, SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** Signals at which training keeps what it has and ends. A terminal that is closed sends SIGHUP. */
export const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
export type EndingSignal = (typeof SIGNALS)[number];

/** Training that a signal ended, after its last step was finished and kept. */
export class Interrupted extends Error {
  constructor(
    readonly signal: EndingSignal,
    message?: string,
  ) {
    super(message);
  }
}

/** How a command ended: the exit status, and the line that says why, if there is something to say. */
export interface Ending {
  readonly code: number;
  readonly message?: string;
}

/** The exit code and message of an error. An error that Tidu did not throw on purpose is a bug and is passed on. */
export function endingOf(error: unknown): Ending {
  if (error instanceof CommanderError) return usage(error);
  if (error instanceof Interrupted) return { code: EXIT[error.signal], message: error.message || undefined };
  if (error instanceof ArgumentError) return { code: EXIT.usage, message: oneLine(error.message) };
  if (isSystemError(error) && error.code === "ENOENT" && error.path !== undefined) {
    return { code: EXIT.usage, message: `${error.path}: there is no such file or folder, or it is a broken link` };
  }
  if (error instanceof TiduError || isSystemError(error))
    return { code: EXIT.failure, message: oneLine(error.message) };
  throw error;
}

/** The argument parser throws for `--help` and `--version` too, when all is said. */
function usage({ exitCode, code, message }: CommanderError): Ending {
  if (exitCode === 0) return { code: EXIT.ok };
  if (code === "commander.help") return { code: EXIT.usage };
  return { code: EXIT.usage, message: `${oneLine(message).replace(/^error: |\.$/g, "")}; --help shows what there is` };
}

const oneLine = (text: string): string => text.trim().replaceAll(/\s*\n\s*/g, " ");

/** A disk that is full, a folder that may not be written: nobody's bug. */
const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && "syscall" in error && "code" in error;

// Whom messages speak to: those who write code, or those who use the command line.

let spoken = false;

/** Makes messages name options as the command line does, from now on. */
export function speakCommandLine(): void {
  spoken = true;
}

/** Whether they do. */
export const isSpoken = (): boolean => spoken;

/** Part of a message about what only code can do. */
export const inCode = (text: string): string => (spoken ? "" : text);

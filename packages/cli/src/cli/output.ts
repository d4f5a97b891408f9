/** Where a command says what it found: as text for people or, with --json, as a line of JSON for each event. */
export class Output {
  constructor(
    readonly stream: NodeJS.WriteStream,
    readonly json = false,
    /** Says nothing at all, as where another process does. */
    readonly quiet = false,
  ) {}

  /** For people only. */
  say(text: string): void {
    if (!this.json && !this.quiet) this.stream.write(`${text}\n`);
  }

  /** For programs only: one line. */
  event(content: object): void {
    if (this.json && !this.quiet) this.stream.write(`${JSON.stringify(content)}\n`);
  }
}

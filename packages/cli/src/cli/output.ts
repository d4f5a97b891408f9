import { jsonOf, visible } from "./ui/terminal.js";

/** The output of a command: text for people or, with --json, a line of JSON for each event. */
export class Output {
  constructor(
    readonly stream: NodeJS.WriteStream,
    readonly json = false,
    /** Says nothing at all, as where another process does. */
    readonly quiet = false,
  ) {}

  /** For people only. It may contain names from foreign data, so control characters are made visible. */
  say(text: string): void {
    this.draw(visible(text));
  }

  /** The same for a drawing, which may have colors; its names were made safe where it was drawn. */
  draw(text: string): void {
    if (!this.json && !this.quiet) this.stream.write(`${text}\n`);
  }

  /** Writes as it is, for whom it was made; resolves once there is room for more. */
  async write(text: string): Promise<void> {
    if (this.quiet || this.stream.write(text) || this.stream.destroyed) return;
    await new Promise<void>((done) => {
      const next = (): void => {
        this.stream.off("drain", next).off("close", next);
        done();
      };
      this.stream.on("drain", next).on("close", next);
    });
  }

  /** For programs only: one line. */
  event(content: object): void {
    if (this.json && !this.quiet) this.stream.write(`${jsonOf(content)}\n`);
  }
}

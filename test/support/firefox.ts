// Drives Debian's Firefox by Marionette, Firefox's own protocol for WebDriver: JSON messages, each after its length.
import { type ChildProcess, spawn } from "node:child_process";
import { access, mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PLACES = [process.env.FIREFOX_PATH, "/usr/bin/firefox-esr", "/usr/bin/firefox"];
/** Time limit for Firefox to start listening on a busy machine, in milliseconds. */
const START = 60_000;

/** Path of Firefox; undefined if it is not installed. */
export async function findFirefox(): Promise<string | undefined> {
  for (const path of PLACES) {
    if (path === undefined) continue;
    const isThere = await access(path).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  return undefined;
}

type Answer = readonly [kind: number, id: number, error: { readonly message: string } | null, result: unknown];

/** Firefox without a window, with an empty profile of its own. */
export class Firefox {
  readonly #waiting = new Map<number, { done: (result: never) => void; fail: (error: Error) => void }>();
  #read = Buffer.alloc(0);
  #count = 0;

  private constructor(
    private readonly process: ChildProcess,
    private readonly socket: Socket,
    private readonly profile: string,
  ) {
    socket.on("data", (part) => this.#hear(part));
  }

  static async start(path: string): Promise<Firefox> {
    const profile = await mkdtemp(join(tmpdir(), "tidu-firefox-"));
    const port = await freePort();
    await writeFile(
      join(profile, "user.js"),
      `user_pref("marionette.port", ${port});\nuser_pref("intl.accept_languages", "en");\n`,
    );
    const child = spawn(path, ["--headless", "--no-remote", "--marionette", "--profile", profile], { stdio: "ignore" });
    const firefox = new Firefox(child, await reached(port), profile);
    await firefox.#ask("WebDriver:NewSession", {});
    return firefox;
  }

  open(url: string): Promise<void> {
    return this.#ask("WebDriver:Navigate", { url });
  }

  /** The value of an expression in the page. */
  async value<T>(expression: string): Promise<T> {
    const { value } = await this.#ask<{ value: T }>("WebDriver:ExecuteScript", {
      script: `return ${expression}`,
      args: [],
    });
    return value;
  }

  /** Waits until an expression is true. */
  async until(expression: string, timeout = 20_000): Promise<void> {
    const end = Date.now() + timeout;
    while (!(await this.value<boolean>(`Boolean(${expression})`))) {
      if (Date.now() > end) throw new Error(`in ${timeout} ms it did not come to be: ${expression}`);
      await new Promise((done) => setTimeout(done, 100));
    }
  }

  async close(): Promise<void> {
    const ended = new Promise((done) => this.process.once("exit", done));
    await this.#ask("Marionette:Quit", { flags: ["eForceQuit"] });
    await ended;
    this.socket.destroy();
    await rm(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }

  #ask<R>(command: string, parameters: object): Promise<R> {
    const id = ++this.#count;
    const text = JSON.stringify([0, id, command, parameters]);
    this.socket.write(`${Buffer.byteLength(text)}:${text}`);
    return new Promise<R>((done, fail) => this.#waiting.set(id, { done, fail }));
  }

  #hear(part: Buffer): void {
    this.#read = Buffer.concat([this.#read, part]);
    for (;;) {
      const colon = this.#read.indexOf(":");
      const end = colon + 1 + Number(this.#read.subarray(0, colon).toString());
      if (colon < 0 || this.#read.length < end) return;
      const message = JSON.parse(this.#read.subarray(colon + 1, end).toString()) as Answer | object;
      this.#read = this.#read.subarray(end);
      if (!Array.isArray(message)) continue;
      const [, id, error, result] = message as unknown as Answer;
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error === null) waiting?.done(result as never);
      else waiting?.fail(new Error(error.message));
    }
  }
}

/** A free port. */
const freePort = (): Promise<number> =>
  new Promise((done) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => done(typeof address === "object" && address !== null ? address.port : 0));
    });
  });

/** A connection to a port, once something listens there. */
async function reached(port: number): Promise<Socket> {
  for (const end = Date.now() + START; ; ) {
    const socket = await new Promise<Socket | undefined>((done) => {
      const made = connect(port, "127.0.0.1");
      made.once("connect", () => done(made));
      made.once("error", () => done(undefined));
    });
    if (socket !== undefined) return socket;
    if (Date.now() > end) throw new Error(`Firefox does not listen after ${START} ms`);
    await new Promise((done) => setTimeout(done, 200));
  }
}

import { exportOnnx } from "@tidu/onnx";
import { deserialize, serialize } from "tidu";
import { codeOf } from "./code.js";
import { exampleOf, loadData } from "./data.js";
import { build, type LayerReport } from "./network.js";
import { News } from "./news.js";
import { Observer } from "./observer.js";
import type { Format, Reply, Request } from "./protocol.js";
import { Session } from "./session.js";
import type { Settings } from "./settings.js";

/** Milliseconds of steps between two looks at the messages, and at least between two frames. */
const SLICE = 12;
const FRAME = 80;
/** A frame may take at most this share of the time: after one, so many times its own time passes. */
const REST = 3;

/** Has a session trained as the page asks: plays, pauses, goes back, and shows frames as fast as they are looked at. */
export class Player {
  readonly #send: (reply: Reply) => void;
  #session: Session | undefined;
  #observer: Observer | undefined;
  #settings: Settings | undefined;
  #reports: readonly LayerReport[] = [];
  #running = false;
  #single = false;
  #pace = 0;
  #nextStep = 0;
  #pixels: Float32Array | undefined;
  /** Whether the page waits for a frame, whether there is something new to show, and when the next may be made. */
  #wanted = true;
  #fresh = false;
  #nextFrame = 0;
  #news = new News();

  constructor(send: (reply: Reply) => void) {
    this.#send = send;
  }

  /** Whether there is something to do without being asked. */
  get hasWork(): boolean {
    return this.#running || (this.#fresh && this.#wanted);
  }

  stop(): void {
    if (this.#running) this.#send({ type: "running", running: false });
    this.#running = false;
  }

  /** A slice of training, and a frame if it is time. */
  async work(): Promise<void> {
    if (this.#running) await this.#train();
    if (this.#fresh && this.#wanted && (!this.#running || performance.now() >= this.#nextFrame)) await this.#show();
    const idle = this.#running ? this.#nextStep - performance.now() : 0;
    // Steps that are to be watched one by one: messages have their turn meanwhile.
    if (idle > 1) await new Promise((done) => setTimeout(done, Math.min(idle, SLICE)));
  }

  async handle(request: Request): Promise<void> {
    switch (request.type) {
      case "configure":
        return this.#configure(request.settings);
      case "play":
      case "step":
        return this.#play(request.type === "step");
      case "pause":
        return this.stop();
      case "pace":
        this.#pace = request.milliseconds;
        return;
      case "restore":
        return this.#restore(request.epoch);
      case "draw":
        this.#pixels = request.pixels;
        this.#fresh = this.#observer !== undefined;
        return;
      case "export":
        return this.#export(request.format);
      case "load":
        return this.#load(request.name, request.bytes);
      case "shown":
        this.#wanted = true;
        return;
    }
  }

  async #configure(settings: Settings): Promise<void> {
    this.stop();
    this.#observer = this.#session = undefined;
    this.#fresh = false;
    this.#news = new News();
    this.#settings = settings;
    const data = await loadData(settings);
    const { reports, layers } = build(settings.layers, exampleOf(data), data.classes);
    this.#reports = reports;
    const session = layers && new Session(settings, data, layers);
    await session?.prepare();
    this.#send({ type: "network", reports, fits: session !== undefined, steps: session?.steps ?? 0 });
    if (session === undefined) return;
    this.#session = session;
    this.#observer = new Observer(session);
    this.#fresh = true;
  }

  #play(single: boolean): void {
    if (this.#session === undefined) return;
    this.#single = single;
    this.#running = true;
    this.#nextStep = 0;
    if (!single) this.#send({ type: "running", running: true });
  }

  async #train(): Promise<void> {
    const session = this.#session as Session;
    const end = performance.now() + SLICE;
    do {
      if (performance.now() < this.#nextStep) return;
      this.#nextStep = performance.now() + this.#pace;
      const { epoch, step } = session.position;
      const { loss, result } = await session.step();
      this.#news.add({ at: epoch + (step + 1) / session.steps, loss }, result);
      this.#fresh = true;
      if (this.#single) {
        this.#tellNews();
        return this.stop();
      }
    } while (performance.now() < end);
  }

  #tellNews(): void {
    if (this.#session === undefined) return;
    const { position, saved } = this.#session;
    this.#send({ type: "progress", position, saved, ...this.#news.take() });
  }

  async #show(): Promise<void> {
    if (this.#observer === undefined) return;
    const start = performance.now();
    this.#fresh = this.#wanted = false;
    const frame = await this.#observer.frame(this.#pixels);
    this.#tellNews();
    this.#send({ type: "frame", frame });
    const took = performance.now() - start;
    this.#nextFrame = performance.now() + Math.max(FRAME, REST * took);
  }

  #restore(epoch: number): void {
    this.stop();
    this.#tellNews();
    const snapshot = this.#session?.restore(epoch);
    if (snapshot === undefined) return;
    this.#send({ type: "restored", position: { epoch, step: 0 }, result: snapshot.result });
    this.#fresh = true;
  }

  async #export(format: Format): Promise<void> {
    const [session, settings] = [this.#session, this.#settings];
    if (session === undefined || settings === undefined) return;
    const make = {
      safetensors: () => serialize(session.net),
      onnx: () =>
        exportOnnx(session.net, session.data.train.inputShape, { dtype: settings.input === "levels" ? "i32" : "f32" }),
      typescript: async () => new TextEncoder().encode(codeOf(settings, this.#reports, session.position.epoch)),
    };
    const name = `network.${format === "typescript" ? "ts" : format}`;
    this.#send({ type: "file", name, bytes: Uint8Array.from(await make[format]()) });
  }

  async #load(name: string, bytes: Uint8Array): Promise<void> {
    if (this.#session === undefined) return;
    this.stop();
    deserialize(this.#session.net, bytes, name);
    const { loss, accuracy } = await this.#session.evaluate();
    this.#send({ type: "loaded", name, test: { loss, accuracy } });
    this.#fresh = true;
  }
}

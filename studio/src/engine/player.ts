// Plays and pauses training, and goes back in it.
import { exportOnnx } from "@tidu/onnx";
import { DeviceError, MemoryError, serialize } from "tidu";
import { begin, fastest } from "./begin.js";
import { codeOf } from "./code.js";
import type { Devices, Place } from "./devices.js";
import type { LayerReport } from "./network.js";
import { News } from "./news.js";
import { type Gaze, Observer } from "./observer.js";
import type { Beginning, EpochResult, Format, Reply, Request, Told } from "./protocol.js";
import type { Session } from "./session.js";
import { Troubled, troubleOf } from "./trouble.js";

/** Milliseconds of steps between two looks at messages and at the clock: several in a frame, or frames would be missed. */
const SLICE = 4;
/** Milliseconds at least between two times that numbers are told: curves and histograms in turn, so that no frame has both. */
const NUMBERS = 80;
const KINDS = ["progress", "batch"] as const;
/** Frames that are made before the page has shown them, which it does as often as the browser draws: one while another is painted. */
const AHEAD = 2;
/** Looking may take at most a quarter of the time: after it, so many times its own time passes. */
const REST = 3;
/** What a step may come late at a pace, in milliseconds, for the next ones to make up for it. */
const LATE = 50;
/** Trainings that were left and are kept, to be taken up again. */
const KEPT = 12;

/** A training with what belongs to it. */
interface Run {
  readonly beginning: Beginning;
  readonly reports: readonly LayerReport[];
  session: Session;
  /** What it runs on; whichever is faster is found when it is first played. */
  place: Place;
  undecided: boolean;
  observer: Observer;
  /** The version of the session that the observer knows. */
  version: number;
}

/** Has sessions trained as the page asks: plays, pauses, goes back, and shows frames as fast as they are looked at. */
export class Player {
  readonly #tell: (reply: Reply) => void;
  /** The number of the training that the page looks at, and that training if its layers fit. */
  #number = 0;
  #run: Run | undefined;
  readonly #left = new Map<number, Run>();
  #running = false;
  #single = false;
  /** The epoch that is being gone to, and what the last one on the way came to. */
  #target: number | undefined;
  #reached: EpochResult | undefined;
  #pace = Number.POSITIVE_INFINITY;
  #nextStep = 0;
  #gaze: Gaze = { place: [0.5, 0.5] };
  /** Frames that the page has not shown yet. */
  #ahead = 0;
  /** Whether there is something new to show, what is still to be told in numbers, and when that may next be done. */
  #fresh = false;
  readonly #untold = new Set<(typeof KINDS)[number]>();
  #nextFrame = 0;
  #nextNumbers = 0;
  #news = new News();

  constructor(
    tell: (reply: Reply) => void,
    readonly devices: Devices,
    readonly find = fastest,
  ) {
    this.#tell = tell;
  }

  /** Whether there is something to do without being asked. */
  get hasWork(): boolean {
    return this.#running || this.#target !== undefined || this.#isDue;
  }

  /** Stops, because something went wrong; goes on elsewhere if it was a graphics card that failed. */
  async fail(error: unknown): Promise<void> {
    const run = this.#run;
    if (run?.place.on.kind === "webgpu" && (error instanceof DeviceError || error instanceof MemoryError)) {
      try {
        return await this.#rescue(run, error.message);
      } catch (other) {
        error = other;
      }
    }
    this.#target = undefined;
    this.stop();
    this.#tellNews();
    this.#send({ type: "failure", trouble: troubleOf(error) });
  }

  stop(): void {
    if (!this.#running) return;
    this.#running = false;
    // What it did before it stopped is known before anybody hears that it has.
    this.#tellNews();
    this.#send({ type: "running", running: false });
  }

  /** A slice of training, and a frame if it is time. */
  async work(): Promise<void> {
    this.#settle();
    if (this.#target !== undefined) await this.#seek(this.#target);
    else if (this.#running) await this.#train();
    if (this.#isDue) await this.#show();
    const idle = this.#running ? this.#nextStep - performance.now() : 0;
    // Steps that are to be watched one by one: messages have their turn meanwhile.
    if (idle > 1) await new Promise((done) => setTimeout(done, Math.min(idle, SLICE)));
  }

  async handle(request: Request): Promise<void> {
    this.#settle();
    switch (request.type) {
      case "configure":
        return this.#configure(request);
      case "return":
        return this.#return(request);
      case "play":
      case "step":
        return this.#play(request.type === "step");
      case "pause":
        return this.stop();
      case "pace":
        this.#pace = request.epochs;
        this.#nextStep = performance.now();
        return;
      case "restore":
        return this.#restore(request.epoch);
      case "change":
        return this.#change(request.change);
      case "draw":
        return this.#look({ pixels: request.pixels });
      case "probe":
        return this.#look({ place: request.place });
      case "inspect":
        return this.#look({ unit: request.unit });
      case "export":
        return this.#export(request.format);
      case "load":
        return this.#load(request.name, request.bytes);
      case "shown":
        this.#ahead--;
        return;
    }
  }

  /** Has the training that is looked at computed where it runs. */
  #settle(): void {
    this.devices.use(this.#run?.place ?? this.devices.processor);
  }

  #send(told: Told): void {
    this.#tell({ run: this.#number, ...told });
  }

  /** Puts the training that there is aside; what it still has to tell is told, as its own. */
  #leave(): void {
    this.#target = undefined;
    this.#tellNews();
    this.stop();
    if (this.#run !== undefined) {
      this.#run.session.rest();
      this.#left.set(this.#number, this.#run);
      for (const old of this.#left.keys()) if (this.#left.size > KEPT) this.#left.delete(old);
    }
    this.#run = undefined;
    this.#fresh = false;
    this.#untold.clear();
    this.#news = new News();
  }

  async #configure(beginning: Beginning): Promise<void> {
    this.#leave();
    this.#number = beginning.run;
    const { settings, changes } = beginning;
    let place = this.devices.processor;
    let missing: Error | undefined;
    if (settings.device === "webgpu") {
      place = await this.devices.card().catch((error: Error) => {
        missing = error;
        return place;
      });
    }
    this.devices.use(place);
    const { reports, session, outputs, classes } = await begin(beginning, changes);
    const steps = session?.steps ?? 0;
    const position = { epoch: 0, step: 0 };
    this.#send({
      type: "network",
      reports,
      fits: session !== undefined,
      steps,
      outputs,
      classes,
      points: session?.data.points,
      fresh: true,
      position,
    });
    if (settings.layers.length === 0) throw new Troubled({ code: "noLayers" });
    if (session === undefined) return;
    const undecided = settings.device === "auto";
    const observer = new Observer(session);
    this.#run = { beginning, reports, session, place, undecided, observer, version: session.version };
    this.#send({ type: "device", on: place.on });
    this.#fresh = true;
    if (missing !== undefined) throw new Troubled({ code: "noCard", message: missing.message });
  }

  async #return(beginning: Beginning): Promise<void> {
    const kept = this.#left.get(beginning.run);
    if (kept === undefined) return this.#configure(beginning);
    this.#leave();
    this.#left.delete(beginning.run);
    this.#number = beginning.run;
    this.#run = kept;
    const { session, reports } = kept;
    const { steps, position, data } = session;
    const { outputs, classes, points } = data;
    this.#send({ type: "network", reports, fits: true, steps, outputs, classes, points, fresh: false, position });
    if (kept.place.gone) await this.#rescue(kept, "");
    else this.#send({ type: "device", on: kept.place.on });
    this.#fresh = true;
  }

  /** Goes on from the last kept epoch: on another card if this one is lost, on the processor if it cannot do this training. */
  async #rescue(run: Run, message: string): Promise<void> {
    this.#tellNews();
    const { processor } = this.devices;
    const lost = await this.devices.isLost(run.place);
    run.place = lost ? await this.devices.card().catch(() => processor) : processor;
    this.#settle();
    const { session } = await begin(run.beginning, run.session.changes);
    const { result } = await (session as Session).takeOver(run.session);
    run.session = session as Session;
    run.observer = new Observer(run.session);
    run.version = run.session.version;
    const { position } = run.session;
    const { on } = run.place;
    const trouble = { code: "cardFailed", message, back: position.epoch, on: on.kind } as const;
    this.#send({ type: "moved", on, position, result, trouble });
    this.#fresh = true;
  }

  /** Finds what a training is faster on. */
  async #decide(run: Run): Promise<void> {
    run.undecided = false;
    const { place, measured } = await this.find(run.beginning, this.devices);
    run.place = place;
    this.#settle();
    this.#send({ type: "device", on: place.on, measured });
  }

  #play(single: boolean): void {
    if (this.#run === undefined) return this.#send({ type: "running", running: false });
    this.#single = single;
    this.#running = true;
    this.#nextStep = performance.now();
    if (!single) this.#send({ type: "running", running: true });
  }

  async #train(): Promise<void> {
    const run = this.#run as Run;
    if (run.undecided) await this.#decide(run);
    const { session } = run;
    const end = performance.now() + SLICE;
    do {
      const now = performance.now();
      if (now < this.#nextStep) return;
      this.#nextStep = Math.max(this.#nextStep, now - LATE) + 1000 / (this.#pace * session.steps);
      const { epoch, step } = session.position;
      this.#fresh = true;
      const { loss, result } = await session.step();
      this.#news.add({ at: epoch + (step + 1) / session.steps, loss }, result);
      if (this.#single) {
        this.#tellNews();
        return this.stop();
      }
    } while (performance.now() < end);
  }

  /** Trains on to an epoch from the last one that is kept; nothing of it is new. */
  async #seek(target: number): Promise<void> {
    const { session } = this.#run as Run;
    const end = performance.now() + SLICE;
    while (session.position.epoch < target) {
      const { result } = await session.step();
      this.#reached = result ?? this.#reached;
      if (performance.now() >= end) return;
    }
    this.#target = undefined;
    this.#send({ type: "restored", position: session.position, result: this.#reached });
    this.#fresh = true;
  }

  #tellNews(): void {
    if (this.#run === undefined) return;
    this.#send({ type: "progress", position: this.#run.session.position, ...this.#news.take() });
  }

  async #show(): Promise<void> {
    const run = this.#run;
    if (run === undefined) return;
    const start = performance.now();
    // What was told last has its turn last.
    if (this.#fresh) for (const kind of KINDS) this.#untold.add(kind);
    this.#fresh = false;
    const most = this.#isTime(this.#nextNumbers) ? (this.#running ? 1 : KINDS.length) : 0;
    const told = [...this.#untold].slice(0, most);
    if (run.version !== run.session.version) {
      run.observer = new Observer(run.session);
      run.version = run.session.version;
    }
    const frame = await run.observer.frame(this.#gaze);
    for (const kind of told) {
      this.#untold.delete(kind);
      if (kind === "batch") this.#send({ type: "batch", looks: await run.observer.batch() });
      else if (this.#target === undefined) this.#tellNews();
      this.#nextNumbers = start + NUMBERS;
    }
    this.#send({ type: "frame", frame });
    this.#ahead++;
    const took = performance.now() - start;
    this.#nextFrame = start + (1 + REST) * took;
  }

  /** Whether there is something to show, the page can take it, and it is time. */
  get #isDue(): boolean {
    if (this.#ahead >= AHEAD) return false;
    return (this.#fresh && this.#isTime(this.#nextFrame)) || (this.#untold.size > 0 && this.#isTime(this.#nextNumbers));
  }

  /** What stands still is shown at once. */
  #isTime(time: number): boolean {
    return !this.#running || performance.now() >= time;
  }

  #look(part: Partial<Gaze>): void {
    this.#gaze = { ...this.#gaze, ...part };
    this.#fresh = this.#run !== undefined;
  }

  async #restore(epoch: number): Promise<void> {
    if (this.#run === undefined) return;
    this.stop();
    this.#tellNews();
    this.#reached = (await this.#run.session.restore(epoch)).result;
    this.#target = epoch;
  }

  async #change(change: Extract<Request, { type: "change" }>["change"]): Promise<void> {
    if (this.#run === undefined) return;
    const { session } = this.#run;
    this.#tellNews();
    await session.change(change);
    this.#send({ type: "changed", changes: session.changes, position: session.position });
    this.#fresh = true;
  }

  async #export(format: Format): Promise<void> {
    if (this.#run === undefined) return;
    const { session, reports, beginning } = this.#run;
    const { settings, data, changes } = session;
    const make = {
      safetensors: () => serialize(session.net),
      onnx: () =>
        exportOnnx(session.net, data.train.inputShape, { dtype: settings.input === "levels" ? "i32" : "f32" }),
      typescript: async () => {
        if (session.hasLoaded) throw new Troubled({ code: "loadedInCode" });
        if (changes.length > 0) throw new Troubled({ code: "changesInCode" });
        return new TextEncoder().encode(codeOf(settings, reports, session.position.epoch, beginning.own));
      },
    };
    // ".mts" is a module, whatever a package.json beside it says: npm init writes "type": "commonjs".
    const name = `network.${format === "typescript" ? "mts" : format}`;
    this.#send({ type: "file", name, bytes: Uint8Array.from(await make[format]()) });
  }

  async #load(name: string, bytes: Uint8Array): Promise<void> {
    if (this.#run === undefined) return;
    const { session } = this.#run;
    this.stop();
    this.#tellNews();
    session.load(bytes, name);
    const { loss, accuracy } = await session.evaluate();
    const { changes, position } = session;
    this.#send({ type: "loaded", name, test: { loss, accuracy }, changes, position });
    this.#fresh = true;
  }
}

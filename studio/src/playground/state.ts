// The state of the playground: settings, run and selection, as signals.
import { computed, effect, signal } from "@preact/signals";
import { type Change, changesFromText, changesToText, LIVE, sameThing } from "../engine/changes.js";
import { startEngine } from "../engine/client.js";
import type { OwnData } from "../engine/data.js";
import type { Inspected } from "../engine/inspect.js";
import { type KindName, type LayerSpec, newLayer } from "../engine/layers.js";
import type { Asked, Format, Reply } from "../engine/protocol.js";
import {
  type DataName,
  fromAddress,
  hasNumbers,
  isPicture,
  notTaken,
  type Settings,
  startFor,
  toAddress,
} from "../engine/settings.js";
import type { Trouble } from "../engine/trouble.js";
import { forgetTyped } from "../ui/refused.js";
import { Run } from "./run.js";

const addressOf = ({ settings, changes }: Run): string => {
  const then = changesToText(changes.value);
  return toAddress(settings) + (then === "" ? "" : `&then=${then}`);
};
const runOf = (hash: string, own?: OwnData): Run => {
  const settings = fromAddress(hash);
  return new Run(settings, changesFromText(thenOf(hash), settings.layers), own);
};
const thenOf = (hash: string): string => new URLSearchParams(hash.replace(/^#/, "")).get("then") ?? "";

function addressTrouble(): Trouble | undefined {
  const [hash, then] = [location.hash, thenOf(location.hash)];
  const isWhole = then === "" || changesFromText(then, fromAddress(hash).layers).length === then.split("_").length;
  const names = [...notTaken(hash), ...(isWhole ? [] : ["then"])];
  return names.length === 0 ? undefined : { code: "address", names };
}

/** The training that is looked at. */
export const run = signal(runOf(location.hash));
export const settings = computed(() => run.value.now.value);
export const reports = computed(() => run.value.reports.value);
export const fits = computed(() => run.value.fits.value);
export const running = computed(() => run.value.running.value);
export const position = computed(() => run.value.position.value);
export const frame = computed(() => run.value.frame.value);
export const on = computed(() => run.value.on.value);
/** The reader's own data, while they are what is learned; other data leave them where they are. */
export const own = computed(() => {
  const { own } = run.value;
  return own?.kind === settings.value.data ? own : undefined;
});
/** A class as the reader named it, or its number. */
export const nameOfClass = (label: number): string => own.value?.classes?.[label] ?? String(label);
export const isDigits = computed(() => isPicture(settings.value.data));
export const isRegression = computed(() => {
  const { data } = settings.value;
  return hasNumbers(data) || (data === "table" && own.value !== undefined && own.value.classes === undefined);
});
/** What went wrong outside of a training: with a file, the camera, the clipboard. */
export const pageTrouble = signal<Trouble | undefined>(addressTrouble());

/** What can be taken back: one training for another, or a number in one. */
type Step =
  | { readonly from: Run; readonly to: Run }
  | { readonly of: Run; readonly before: Asked; readonly after: Asked; readonly when: number };

/** Steps that are kept, and milliseconds within which changes of the same number are one. */
const MOST_STEPS = 100;
const TOGETHER = 1000;
export const past = signal<readonly Step[]>([]);
export const future = signal<readonly Step[]>([]);

const known = new Map<number, Run>();
const engine = startEngine(hear, (trouble) => {
  run.value.trouble.value = trouble;
});

function hear(reply: Reply): void {
  if (reply.type === "file") download(reply.name, reply.bytes);
  else known.get(reply.run)?.hear(reply);
}

function send(type: "configure" | "return", { number, settings, changes, own }: Run): void {
  engine.send({ type, run: number, settings, changes: changes.peek(), own });
}

/** Looks at another training, and takes it up where it was left. */
function go(to: Run, type: "configure" | "return"): void {
  run.peek().running.value = false;
  known.set(to.number, to);
  send(type, to);
  pageTrouble.value = undefined;
  inspected.value = undefined;
  run.value = to;
}

/** Begins another training. The one that there was is kept, and comes back with `undo`. */
function begin(to: Run): void {
  const from = run.peek();
  go(to, "configure");
  note({ from, to });
}

function note(step: Step): void {
  past.value = [...past.value, step].slice(-MOST_STEPS);
  future.value = [];
  const kept = new Set(past.value.flatMap((other) => ("of" in other ? [other.of] : [other.from, other.to])));
  for (const [number, old] of known) if (!kept.has(old) && old !== run.peek()) known.delete(number);
}

export function undo(): void {
  forgetTyped();
  const step = past.value.at(-1);
  if (step === undefined) return;
  past.value = past.value.slice(0, -1);
  future.value = [...future.value, step];
  if ("of" in step) ask(step.before);
  else go(step.from, "return");
}

export function redo(): void {
  forgetTyped();
  const step = future.value.at(-1);
  if (step === undefined) return;
  future.value = future.value.slice(0, -1);
  past.value = [...past.value, step];
  if ("of" in step) ask(step.after);
  else go(step.to, "return");
}

known.set(run.peek().number, run.peek());
send("configure", run.peek());
effect(() => history.replaceState(null, "", `#${addressOf(run.value)}`));
addEventListener("hashchange", () => {
  if (location.hash.slice(1) === addressOf(run.peek())) return;
  const trouble = addressTrouble();
  begin(runOf(location.hash, run.peek().own));
  pageTrouble.value = trouble;
});
// As in any editor; in fields the keys are the field's own.
addEventListener("keydown", (event) => {
  const { key, ctrlKey, metaKey, shiftKey, target } = event;
  if (!(ctrlKey || metaKey) || (target instanceof HTMLInputElement && target.type === "text")) return;
  const back = key.toLowerCase() === "z" && !shiftKey;
  if (!back && !(key.toLowerCase() === "y" || (key.toLowerCase() === "z" && shiftKey))) return;
  event.preventDefault();
  if (back) undo();
  else redo();
});

/** Begins the same training anew. */
export const restart = (): void => begin(new Run(settings.peek(), [], run.peek().own));

/** Asks for a change of a number; it is shown at once, and comes with the next step. */
function ask(change: Asked): void {
  const { changes, position, steps } = run.peek();
  const { epoch, step } = position.peek();
  const shown = { ...change, at: epoch * steps.peek() + step } as Change;
  changes.value = [...changes.peek().filter((other) => other.at < shown.at || !sameThing(other, shown)), shown];
  engine.send({ type: "change", change });
}

/** Changes a number while it trains. */
function changeLive(before: Asked, after: Asked): void {
  const of = run.peek();
  ask(after);
  const when = performance.now();
  const last = past.peek().at(-1);
  const again = last !== undefined && "of" in last && last.of === of && when - last.when < TOGETHER;
  if (again && sameThing(last.after as Change, after as Change)) {
    past.value = [...past.peek().slice(0, -1), { ...last, after, when }];
  } else note({ of, before, after, when });
}

/** Changes settings: numbers that may change while it trains do so, others begin a training anew. */
export function change(part: Partial<Settings>): void {
  const now = settings.peek();
  const names = Object.keys(part) as (keyof Settings)[];
  const live = LIVE.filter((name) => names.includes(name));
  if (run.peek().hasTrained && live.length === names.length) {
    for (const what of live) changeLive({ what, value: now[what] }, { what, value: part[what] as number });
  } else begin(new Run({ ...now, ...part }, [], run.peek().own));
}

/** Other data, with a network that fits them. */
export function changeData(data: DataName, own = run.peek().own): void {
  const outputs = data === own?.kind ? (own.classes?.length ?? 1) : undefined;
  const loss = outputs === 1 ? ({ loss: "mse" } as const) : {};
  const { seed, device } = settings.peek();
  begin(new Run({ ...startFor(data, outputs), ...loss, seed, device }, [], own));
}

/** Settings as a whole, such as an example's. */
export const useSettings = (next: Settings): void => begin(new Run(next, [], run.peek().own));

const changeLayers = (edit: (layers: LayerSpec[]) => void): void => {
  const layers = [...settings.peek().layers];
  edit(layers);
  change({ layers });
};

/** Puts a new layer at a place. */
export const addLayer = (kind: KindName, at: number): void =>
  changeLayers((layers) => layers.splice(at, 0, newLayer(kind)));
export const removeLayer = (at: number): void => changeLayers((layers) => layers.splice(at, 1));
export function moveLayer(from: number, to: number): void {
  if (to < 0 || to >= settings.peek().layers.length || to === from) return;
  changeLayers((layers) => layers.splice(to, 0, ...layers.splice(from, 1)));
}
export function setLayer(at: number, name: string, value: number | string): void {
  const layer = settings.peek().layers[at];
  if (layer.values[name] === value) return;
  if (name === "p" && run.peek().hasTrained) {
    return changeLive(
      { what: "p", layer: at, value: Number(layer.values.p) },
      { what: "p", layer: at, value: Number(value) },
    );
  }
  changeLayers((layers) => {
    layers[at] = { kind: layer.kind, values: { ...layer.values, [name]: value } };
  });
}

/** Sets one number of a layer's weights by hand. */
export const setWeight = (layer: number, parameter: string, index: number, before: number, value: number): void => {
  const what = { what: "weight", layer, parameter, index } as const;
  changeLive({ ...what, value: before }, { ...what, value });
};

/** The unit whose formula is shown, or the layer whose settings are. */
export const inspected = signal<Inspected | undefined>(undefined);
export function inspectUnit(unit: Inspected | undefined): void {
  inspected.value = unit;
  engine.send({ type: "inspect", unit });
}
export const probe = signal<readonly [x: number, y: number]>([0.5, 0.5]);
export function setProbe(place: readonly [x: number, y: number]): void {
  probe.value = place;
  engine.send({ type: "probe", place });
}

export function play(): void {
  pageTrouble.value = undefined;
  run.peek().trouble.value = undefined;
  engine.send({ type: "play" });
}
export const pause = (): void => engine.send({ type: "pause" });
export const stepOnce = (): void => engine.send({ type: "step" });
export const setPace = (epochs: number): void => engine.send({ type: "pace", epochs });
export const restore = (epoch: number): void => engine.send({ type: "restore", epoch });
export const draw = (pixels: Float32Array): void => engine.send({ type: "draw", pixels });
export const exportAs = (format: Format): void => engine.send({ type: "export", format });
export function load(name: string, bytes: Uint8Array): void {
  run.peek().trouble.value = undefined;
  engine.send({ type: "load", name, bytes });
}

function download(name: string, bytes: Uint8Array<ArrayBuffer>): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes]));
  link.download = name;
  link.click();
  // The download has its own hold of the bytes once it has begun.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

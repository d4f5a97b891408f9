import { computed, effect, signal } from "@preact/signals";
import { startEngine } from "../engine/client.js";
import type { KindName, LayerSpec } from "../engine/layers.js";
import { newLayer } from "../engine/layers.js";
import type { LayerReport } from "../engine/network.js";
import type { EpochResult, Format, Frame, Measure, Position, Reply, StepLoss } from "../engine/protocol.js";
import { fromAddress, type Settings, toAddress } from "../engine/settings.js";
import { thinned } from "../engine/thin.js";

/** What the training depends on; the address says the same. */
export const settings = signal<Settings>(fromAddress(location.hash));
export const reports = signal<readonly LayerReport[]>([]);
export const fits = signal(false);
export const running = signal(false);
export const position = signal<Position>({ epoch: 0, step: 0 });
export const losses = signal<readonly StepLoss[]>([]);
export const epochs = signal<readonly EpochResult[]>([]);
export const saved = signal<readonly number[]>([0]);
export const frame = signal<Frame | undefined>(undefined);
export const failure = signal<string | undefined>(undefined);
export const loaded = signal<{ readonly name: string; readonly test: Measure } | undefined>(undefined);
export const threads = signal<number | undefined>(undefined);
export const stepsPerEpoch = signal(0);
export const isDigits = computed(() => settings.value.data === "digits");

const engine = startEngine(hear, (message) => {
  failure.value = message;
});

function hear(reply: Reply): void {
  switch (reply.type) {
    case "ready":
      threads.value = reply.threads;
      return;
    case "network":
      reports.value = reply.reports;
      fits.value = reply.fits;
      stepsPerEpoch.value = reply.steps;
      return;
    case "running":
      running.value = reply.running;
      return;
    case "progress":
      position.value = reply.position;
      losses.value = thinned([...losses.value, ...reply.losses], ({ at }) => at);
      if (reply.epochs.length === 0) return;
      epochs.value = thinned([...epochs.value, ...reply.epochs], ({ epoch }) => epoch);
      saved.value = reply.saved;
      return;
    case "restored":
      return goneBack(reply.position, reply.result);
    case "frame":
      frame.value = reply.frame;
      return;
    case "file":
      return download(reply.name, reply.bytes);
    case "loaded":
      loaded.value = { name: reply.name, test: reply.test };
      return;
    case "failure":
      failure.value = reply.message;
      running.value = false;
      return;
  }
}

function goneBack({ epoch, step }: Position, result: EpochResult | undefined): void {
  position.value = { epoch, step };
  losses.value = losses.value.filter(({ at }) => at <= epoch);
  epochs.value = [...epochs.value.filter((other) => other.epoch < epoch), ...(result === undefined ? [] : [result])];
}

/** Begins anew, whenever a setting changes: the same settings are the same run. */
effect(() => {
  history.replaceState(null, "", `#${toAddress(settings.value)}`);
  restart();
});
addEventListener("hashchange", () => {
  if (location.hash.slice(1) !== toAddress(settings.peek())) settings.value = fromAddress(location.hash);
});

export function restart(): void {
  engine.send({ type: "configure", settings: settings.peek() });
  position.value = { epoch: 0, step: 0 };
  losses.value = [];
  epochs.value = [];
  saved.value = [0];
  frame.value = failure.value = loaded.value = undefined;
  running.value = false;
}

export const change = (part: Partial<Settings>): void => {
  settings.value = { ...settings.value, ...part };
};

const changeLayers = (edit: (layers: LayerSpec[]) => void): void => {
  const layers = [...settings.value.layers];
  edit(layers);
  change({ layers });
};

/** Puts a new layer before the last one, which gives the scores. */
export const addLayer = (kind: KindName): void =>
  changeLayers((layers) => layers.splice(Math.max(0, layers.length - 1), 0, newLayer(kind)));
export const removeLayer = (at: number): void => changeLayers((layers) => layers.splice(at, 1));
export const moveLayer = (from: number, to: number): void =>
  changeLayers((layers) => {
    if (to >= 0 && to < layers.length) layers.splice(to, 0, ...layers.splice(from, 1));
  });
export const setLayer = (at: number, name: string, value: number | string): void =>
  changeLayers((layers) => {
    layers[at] = { kind: layers[at].kind, values: { ...layers[at].values, [name]: value } };
  });

export const play = (): void => {
  failure.value = undefined;
  engine.send({ type: "play" });
};
export const pause = (): void => engine.send({ type: "pause" });
export const stepOnce = (): void => engine.send({ type: "step" });
export const setPace = (milliseconds: number): void => engine.send({ type: "pace", milliseconds });
export const restore = (epoch: number): void => engine.send({ type: "restore", epoch });
export const draw = (pixels: Float32Array): void => engine.send({ type: "draw", pixels });
export const exportAs = (format: Format): void => engine.send({ type: "export", format });
export const load = (name: string, bytes: Uint8Array): void => {
  failure.value = undefined;
  engine.send({ type: "load", name, bytes });
};

function download(name: string, bytes: Uint8Array<ArrayBuffer>): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes]));
  link.download = name;
  link.click();
  // The download has its own hold of the bytes once it has begun.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

// What the page of runs knows: the runs, and which are shown.
import { computed, effect, signal } from "@preact/signals";
import type { Metrics, Reading } from "../../../packages/cli/src/studio/follow.js";
import type { Ending } from "../../../packages/cli/src/studio/line.js";
import { thinned } from "../../../packages/cli/src/studio/thin.js";

/** A run as the server lists it. */
export interface Run {
  readonly name: string;
  readonly config: {
    readonly model?: { readonly name?: string };
    readonly data?: { readonly path?: string };
    readonly training?: Readonly<Record<string, unknown>> | null;
  };
  readonly problem?: "config" | "link";
  readonly finished: boolean;
  /** Epochs of a run that has ended. */
  readonly epochs?: number;
  /** Of a run that has ended: the epoch whose network is used, and what it came to on the validation data. */
  readonly best?: { readonly epoch: number; readonly loss?: number; readonly accuracy?: number };
  /** How its metrics.jsonl ends, as far as that can be told without reading all of it. */
  readonly metrics?: Ending;
  /** The process that trains it now. */
  readonly holder?: { readonly pid: number; readonly host: string };
  readonly changed: number;
}

export type { Metrics };

type RunEvent =
  | { readonly type: "restart"; readonly run: string }
  | { readonly type: "metrics"; readonly run: string; readonly metrics: readonly Metrics[] }
  | ({ readonly type: "reading"; readonly run: string } & Reading)
  | { readonly type: "result"; readonly run: string };

/** All runs; undefined before they are known, null where no server tells. */
export const runs = signal<readonly Run[] | null | undefined>(undefined);
/** The runs that are shown, as the address says. */
export const shown = signal<readonly string[]>([...new Set(new URLSearchParams(location.hash.slice(1)).getAll("run"))]);
export const metrics = signal<ReadonlyMap<string, readonly Metrics[]>>(new Map());

/** Of runs whose metrics.jsonl could not all be read, what could. */
export const readings = signal<ReadonlyMap<string, Reading>>(new Map());

/** How many epochs a run has come to, or was to come to; undefined where nothing says it. */
export const epochsOf = ({ epochs, config }: Run): number | undefined => {
  const wanted = config.training?.epochs;
  return epochs ?? (typeof wanted === "number" ? wanted : undefined);
};

/** Epochs of a run that are drawn at most. */
const MOST = 2000;
/** Milliseconds between two looks at which runs there are. */
const EVERY = 2000;
let listed = "";

/** Asks which runs there are, and goes on asking while somebody looks and a server tells. */
export async function followList(): Promise<void> {
  if (!document.hidden) await refresh();
  if (runs.value !== null) setTimeout(followList, EVERY);
}

async function refresh(): Promise<void> {
  const response = await fetch("../api/runs").catch(() => undefined);
  const isList = response?.ok === true && response.headers.get("content-type") === "application/json";
  const text = isList ? await response.text() : "null";
  if (text !== listed) runs.value = JSON.parse(text) as Run[] | null;
  listed = text;
}

/** Shows a run, or no longer. */
export const toggle = (name: string): void => {
  shown.value = shown.value.includes(name) ? shown.value.filter((other) => other !== name) : [...shown.value, name];
};

effect(() => {
  const query = new URLSearchParams(shown.value.map((name) => ["run", name]));
  history.replaceState(null, "", `#${query}`);
});

/** What to ask the server for: of the runs that are shown, those that there are by now. */
const followed = computed(() => {
  const known = shown.value.filter((name) => runs.value?.some((run) => run.name === name));
  return new URLSearchParams(known.map((name) => ["run", name])).toString();
});

/** Follows the runs that are shown, those that are training now too. */
effect(() => {
  let heard: RunEvent[] = [];
  const forget = (): void => {
    metrics.value = new Map();
    readings.value = new Map();
    heard = [];
  };
  forget();
  if (followed.value === "") return;
  const source = new EventSource(`../api/events?${followed.value}`);
  // A stream begins with all that there is, also after it was cut off.
  source.addEventListener("open", forget);
  // What has come is drawn once, however much it is: a long run is told with an event for each of its epochs.
  const flush = (): void => {
    metrics.value = withEvents(metrics.value, heard);
    const told = heard.flatMap((event) => (event.type === "reading" ? [[event.run, event] as const] : []));
    if (told.length > 0) readings.value = new Map([...readings.value, ...told]);
    heard = [];
  };
  source.addEventListener("message", ({ data }: MessageEvent<string>) => {
    if (heard.length === 0) requestAnimationFrame(flush);
    heard.push(JSON.parse(data) as RunEvent);
  });
  return () => {
    source.close();
    heard = [];
  };
});

/** Of very many epochs some, the smallest and largest values among them. */
const kept = (all: readonly Metrics[]): readonly Metrics[] =>
  thinned(
    all,
    ({ epoch }) => epoch,
    ({ loss, accuracy, validation }) => [loss, accuracy, validation?.loss, validation?.accuracy],
    MOST,
  );

type AllMetrics = ReadonlyMap<string, readonly Metrics[]>;

function withEvents(before: AllMetrics, events: readonly RunEvent[]): AllMetrics {
  const all = new Map(before);
  for (const event of events) {
    const own = event.type === "restart" ? [] : (all.get(event.run) ?? []);
    all.set(event.run, event.type === "metrics" ? kept([...own, ...event.metrics]) : own);
  }
  return all;
}

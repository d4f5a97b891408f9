import { effect, signal } from "@preact/signals";

/** A run as the server lists it. */
export interface Run {
  readonly name: string;
  readonly config: {
    readonly model?: { readonly name?: string };
    readonly data?: { readonly path?: string };
    readonly training?: Readonly<Record<string, unknown>>;
  };
  readonly finished: boolean;
  readonly changed: number;
}

/** What a line of metrics.jsonl says of an epoch. */
export interface Metrics {
  readonly epoch: number;
  readonly loss: number;
  readonly accuracy?: number;
  readonly validation?: { readonly loss: number; readonly accuracy?: number };
}

type RunEvent =
  | { readonly type: "restart"; readonly run: string }
  | { readonly type: "metrics"; readonly run: string; readonly metrics: Metrics }
  | { readonly type: "result"; readonly run: string };

/** All runs; undefined before they are known, null where no server tells. */
export const runs = signal<readonly Run[] | null | undefined>(undefined);
/** The runs that are shown, as the address says. */
export const shown = signal<readonly string[]>(new URLSearchParams(location.hash.slice(1)).getAll("run"));
export const metrics = signal<ReadonlyMap<string, readonly Metrics[]>>(new Map());

export async function refresh(): Promise<void> {
  const response = await fetch("../api/runs").catch(() => undefined);
  const listed = response?.ok === true && response.headers.get("content-type") === "application/json";
  runs.value = listed ? ((await response.json()) as Run[]) : null;
}

/** Shows a run, or no longer. */
export const toggle = (name: string): void => {
  shown.value = shown.value.includes(name) ? shown.value.filter((other) => other !== name) : [...shown.value, name];
};

/** Follows the runs that are shown, those that are training now too. */
effect(() => {
  const names = shown.value;
  const query = new URLSearchParams(names.map((name) => ["run", name])).toString();
  history.replaceState(null, "", `#${query}`);
  metrics.value = new Map();
  if (names.length === 0) return;
  const source = new EventSource(`../api/events?${query}`);
  // A stream begins with all that there is, also after it was cut off.
  source.addEventListener("open", () => {
    metrics.value = new Map();
  });
  source.addEventListener("message", ({ data }: MessageEvent<string>) => hear(JSON.parse(data) as RunEvent));
  return () => source.close();
});

function hear(event: RunEvent): void {
  const all = new Map(metrics.value);
  if (event.type === "restart") all.set(event.run, []);
  if (event.type === "metrics") all.set(event.run, [...(all.get(event.run) ?? []), event.metrics]);
  metrics.value = all;
  if (event.type === "result") void refresh();
}

// Makes sessions: for a training, for measuring which device is faster, and in the place of one whose device failed.
import type { Change } from "./changes.js";
import { exampleOf, loadData } from "./data.js";
import type { Devices, Place } from "./devices.js";
import { build, type LayerReport } from "./network.js";
import type { Beginning, Measured } from "./protocol.js";
import { Session } from "./session.js";

/** A network for its data, and the session that trains it if its layers fit. */
export interface Begun {
  readonly reports: readonly LayerReport[];
  readonly outputs: number;
  readonly classes: number | undefined;
  readonly session: Session | undefined;
}

/** A session on the device in use. */
export async function begin({ settings, own }: Beginning, changes: readonly Change[]): Promise<Begun> {
  const data = await loadData(settings, own);
  const { reports, layers } = build(settings.layers, exampleOf(data), data.outputs);
  const session = layers && new Session(settings, data, layers, changes);
  await session?.prepare();
  return { reports, outputs: data.outputs, classes: data.classes, session };
}

/** Steps that take fewer milliseconds on the processor gain nothing elsewhere. */
export const LEAST_STEP = 3;
/** Milliseconds, or steps, that are measured. */
const MOST_TIME = 150;
const MOST_STEPS = 20;

/**
 * What a training is faster on, and what was measured, if a card is there and a step is long enough to gain by it.
 *
 * @param time milliseconds of a step there.
 */
export async function fastest(
  beginning: Beginning,
  devices: Devices,
  time = stepTime,
): Promise<{ readonly place: Place; readonly measured?: Measured }> {
  const place = devices.processor;
  if (!(await devices.offered())) return { place };
  const wasm = await time(beginning, devices, place);
  if (wasm < LEAST_STEP) return { place };
  const card = await devices.card().catch(() => undefined);
  if (card === undefined || (card.on.kind === "webgpu" && card.on.software)) return { place };
  const webgpu = await time(beginning, devices, card).catch(() => undefined);
  if (webgpu === undefined) return { place };
  return { place: webgpu < wasm ? card : place, measured: { wasm, webgpu } };
}

/** Milliseconds of a step there, of a session that only serves for this. */
export async function stepTime(beginning: Beginning, devices: Devices, place: Place): Promise<number> {
  devices.use(place);
  const { session } = await begin(beginning, beginning.changes);
  if (session === undefined) return 0;
  // The first one compiles.
  await session.step();
  const start = performance.now();
  let steps = 0;
  while (steps < MOST_STEPS && (steps === 0 || performance.now() < start + MOST_TIME)) {
    await session.step();
    steps++;
  }
  return (performance.now() - start) / steps;
}

// What of the network is chosen, pointed at, or being moved.
import { computed, effect, signal } from "@preact/signals";
import { inspected, settings } from "../state.js";
import type { Line } from "./geometry.js";

/** The layer whose settings are open. */
export const openLayer = signal<number | undefined>(undefined);
const data = computed(() => settings.value.data);
// Other data come with another network.
effect(() => {
  data.value;
  openLayer.value = undefined;
});
/** Where a layer is about to be added. */
export const adding = signal<number | undefined>(undefined);
/** The layer that is dragged, how far, and where it would be put. */
export const drag = signal<{ readonly at: number; readonly by: number; readonly to: number } | undefined>(undefined);
/** The unit that the pointer or the focus is on; layer -1 is the inputs' column. */
export const pointed = signal<{ readonly layer: number; readonly unit: number } | undefined>(undefined);
/** The line that is chosen: of which layer, from which unit, and its row. */
export const chosenLine = signal<Pick<Line, "layer" | "from" | "row"> | undefined>(undefined);

/** Whether a unit is the one that is inspected. */
export const isInspected = (layer: number, unit: number): boolean =>
  inspected.value?.layer === layer && inspected.value.unit === unit;

/** Focus goes with a layer, once its new place is rendered; to where one can be added when there is none. */
export const focusHead = (at: number): void =>
  void requestAnimationFrame(() =>
    (document.getElementById(`layer-${at}`) ?? document.getElementById("add-0"))?.focus(),
  );

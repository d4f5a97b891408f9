// The units of the drawn network as pictures: their numbers change with every frame, and only what paints reads those.
import { computed } from "@preact/signals";
import { frame, settings } from "../state.js";

/** What each column shows: the inputs, and each layer's units. */
export const units = computed(() => {
  const { layers = [], inputs } = frame.value ?? {};
  return [inputs, ...settings.value.layers.map((_, i) => layers[i]?.responses)];
});

/** How many pictures of which size they are, which decides where everything is. */
export const formOfUnits = computed(() =>
  units.value.map((own) => own && [own.count, own.all, own.width, own.height].join(" ")).join(),
);

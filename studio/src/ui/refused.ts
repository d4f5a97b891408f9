// What was typed and not taken stays in its field, so that it can be mended, until something is undone.
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";

const undone = signal(0);

/** Has all fields show their values again. */
export const forgetTyped = (): void => {
  undone.value++;
};

/** Calls a field's `forget` when its text is to go. */
export function useForgetting(forget: () => void): void {
  const times = undone.value;
  useEffect(forget, [times]);
}

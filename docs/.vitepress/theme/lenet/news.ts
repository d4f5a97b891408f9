// What the worker of the front page tells the page.

/** Passes over the digits. */
export const EPOCHS = 2;
/** Test digits that the page shows. */
export const SHOWN = 24;

export type News =
  | { readonly kind: "step"; readonly done: number; readonly loss: number }
  | { readonly kind: "epoch"; readonly epoch: number; readonly accuracy: number; readonly seconds: number }
  | {
      readonly kind: "digits";
      readonly pixels: ArrayLike<number>;
      readonly digits: readonly number[];
      readonly sure: readonly number[];
    }
  | { readonly kind: "end" }
  | { readonly kind: "failed"; readonly message: string };

// The advice that ends messages about native code.

/** Another way, where native code cannot be had. */
export const USE_WASM = "use WasmDevice";

const ADVICE = new RegExp(`(, or|;) ${USE_WASM}(?=$|:)`);

/** A message without that advice, for those who already follow it. */
export const withoutAdvice = (message: string): string => message.replace(ADVICE, "");

// The advice that ends messages about native code and about other devices.

/** Another way, where native code cannot be had. */
export const USE_WASM = "use WasmDevice";

/** Where programs are kept instead. */
export const ANOTHER_FOLDER = `name another folder in TIDU_CACHE, or ${USE_WASM}`;

const ADVICE = new RegExp(`(, or|;) (${USE_WASM}|use the WebAssembly device)(?=$|:)`);

/** A message without that advice, for those who already follow it. */
export const withoutAdvice = (message: string): string => message.replace(ADVICE, "");

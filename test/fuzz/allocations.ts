// Counts the bytes that code asks for by length.
const TYPES = [
  ...(["ArrayBuffer", "Uint8Array", "Int8Array", "Uint16Array", "Int16Array", "Uint32Array", "Int32Array"] as const),
  ...(["Float32Array", "Float64Array", "BigInt64Array", "BigUint64Array"] as const),
];

interface ArrayType {
  new (...args: unknown[]): object;
  readonly BYTES_PER_ELEMENT?: number;
}

/** Runs `body`; returns the bytes of the arrays that it asked for by length, given up or not. */
export async function requestedBytes(body: () => Promise<void>): Promise<number> {
  const globals = globalThis as unknown as Record<string, ArrayType>;
  const real = TYPES.map((name) => globals[name]);
  let bytes = 0;
  const put = (types: readonly ArrayType[]): void =>
    TYPES.forEach((name, i) => {
      globals[name] = types[i];
      // Some libraries tell arrays apart by their constructor.
      real[i].prototype.constructor = types[i];
    });
  const count = (type: ArrayType): ArrayType =>
    new Proxy(type, {
      construct(target, args: unknown[], newTarget): object {
        if (typeof args[0] === "number") bytes += args[0] * (type.BYTES_PER_ELEMENT ?? 1);
        return Reflect.construct(target, args, newTarget);
      },
    });
  put(real.map(count));
  try {
    await body();
  } finally {
    put(real);
  }
  return bytes;
}

// Random tensors for the tests of files.
import fc from "fast-check";
import { type Half, halfBits, halfValue, halfValues } from "../../packages/tidu/src/base/half.js";
import type { TensorData } from "../../packages/tidu/src/io/tensor-data.js";

const shape = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 });

/** Halves of any bits but those of NaN, of which there is one. */
const halves =
  (dtype: Half) =>
  (shape: readonly number[], buffer: ArrayBuffer): TensorData => {
    const bits = new Uint16Array(buffer, 0, buffer.byteLength >> 1).map((b) => halfBits(dtype, halfValue(dtype, b)));
    return {
      dtype,
      shape,
      data: halfValues(
        dtype,
        bits.slice(
          0,
          shape.reduce((n, d) => n * d, 1),
        ),
      ),
    };
  };

const LOADERS: ((shape: number[], buffer: ArrayBuffer) => TensorData)[] = [
  halves("f16"),
  halves("bf16"),
  (shape, buffer) => ({ dtype: "f64", shape, data: new Float64Array(buffer) }),
  (shape, buffer) => ({ dtype: "f32", shape, data: new Float32Array(buffer) }),
  (shape, buffer) => ({ dtype: "i64", shape, data: new BigInt64Array(buffer) }),
  (shape, buffer) => ({ dtype: "u64", shape, data: new BigUint64Array(buffer) }),
  (shape, buffer) => ({ dtype: "i32", shape, data: new Int32Array(buffer) }),
  (shape, buffer) => ({ dtype: "u32", shape, data: new Uint32Array(buffer) }),
  (shape, buffer) => ({ dtype: "i16", shape, data: new Int16Array(buffer) }),
  (shape, buffer) => ({ dtype: "u16", shape, data: new Uint16Array(buffer) }),
  (shape, buffer) => ({ dtype: "i8", shape, data: new Int8Array(buffer) }),
  (shape, buffer) => ({ dtype: "u8", shape, data: new Uint8Array(buffer) }),
  (shape, buffer) => ({ dtype: "bool", shape, data: new Uint8Array(buffer) }),
];

/** A tensor of any dtype and any bits (NaNs of all kinds among them) with up to 4 axes of up to 4. */
export const tensorData: fc.Arbitrary<TensorData> = fc
  .tuple(fc.constantFrom(...LOADERS), shape, fc.infiniteStream(fc.integer({ min: 0, max: 255 })))
  .map(([load, shape, bits]) => {
    const count = shape.reduce((product, length) => product * length, 1);
    const width = load([0], new ArrayBuffer(0)).data.BYTES_PER_ELEMENT;
    const bytes = Uint8Array.from({ length: count * width }, () => bits.next().value as number);
    return load(shape, bytes.buffer);
  });

/** Text of any characters that UTF-8 can hold. */
export const text = fc.oneof(fc.string(), fc.string({ unit: "binary" }), fc.constantFrom("__proto__", "0", 'a"b\\'));

const plain = { noNullPrototype: true } as const;

/** Tensors by name, names as odd as they come. */
export const tensors = fc.dictionary(text, tensorData, { maxKeys: 5, ...plain });

/** Notes by name. */
export const metadata = fc.dictionary(text, text, { maxKeys: 3, ...plain });

/** The bytes of an array, to compare without regard to what NaN equals. */
export function bytesOf(data: ArrayBufferView): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

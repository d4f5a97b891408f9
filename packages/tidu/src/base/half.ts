// Half-precision numbers as a host sees them: 16 bits, and the number that they stand for.

/** Element types of two bytes. */
export type Half = "f16" | "bf16";

/** How many bits such a type has for the fraction, its least exponent, and its largest number. */
interface Format {
  readonly fraction: number;
  readonly least: number;
  readonly most: number;
}

/** IEEE 754-2008 binary16; and the upper half of a float32, with 8 bits of exponent and 7 of fraction. */
const FORMATS: Readonly<Record<Half, Format>> = {
  f16: { fraction: 10, least: -14, most: 65504 },
  bf16: { fraction: 7, least: -126, most: 2 ** 127 * (2 - 2 ** -7) },
};

export const isHalf = (dtype: string): dtype is Half => dtype in FORMATS;

const view = new DataView(new ArrayBuffer(8));

/** The exponent of a number that is not 0. */
function exponentOf(x: number): number {
  view.setFloat64(0, x);
  return ((view.getUint16(0) >> 4) & 0x7ff) - 1023;
}

/** Adding and taking it away again rounds a double of less than 2^51 to the nearest whole number, of two the even one. */
const WHOLE = 1.5 * 2 ** 52;

/** The nearest number that the type has, of two the one whose last bit is 0; beyond the largest infinity. NaN stays NaN. */
export function nearestHalf(dtype: Half, x: number): number {
  if (x === 0 || !Number.isFinite(x)) return x;
  const { fraction, least, most } = FORMATS[dtype];
  const size = Math.abs(x);
  const unit = 2 ** (Math.max(exponentOf(size), least) - fraction);
  const nearest = (size / unit + WHOLE - WHOLE) * unit;
  return Math.sign(x) * (nearest > most ? Number.POSITIVE_INFINITY : nearest);
}

/** The bits of the nearest number that the type has. There is one NaN, and it has no sign. */
export function halfBits(dtype: Half, x: number): number {
  if (Number.isNaN(x)) return dtype === "f16" ? 0x7e00 : 0x7fc0;
  const value = nearestHalf(dtype, x);
  view.setFloat32(0, value);
  const bits = view.getUint32(0);
  if (dtype === "bf16") return bits >>> 16;
  const [sign, size] = [(bits >>> 16) & 0x8000, Math.abs(value)];
  if (size === Number.POSITIVE_INFINITY) return sign | 0x7c00;
  return sign | (size < 2 ** -14 ? size * 2 ** 24 : ((bits & 0x7fffffff) - 0x38000000) >>> 13);
}

/** The number that bits stand for. */
export function halfValue(dtype: Half, bits: number): number {
  if (dtype === "bf16") {
    view.setUint32(0, bits << 16);
    return view.getFloat32(0);
  }
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (0x400 + fraction) * 2 ** (exponent - 25));
}

/** The numbers that an array of bits stands for. */
export const halfValues = (dtype: Half, bits: ArrayLike<number>): Float32Array =>
  Float32Array.from(bits, (b) => halfValue(dtype, b));

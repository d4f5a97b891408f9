/** WebAssembly opcodes, core and SIMD (prefix 0xfd), by the emitter's names; the others by those in the specification. */
export const CORE = {
  add: 0x6a,
  sub: 0x6b,
  mul: 0x6c,
  div: 0x6e,
  rem: 0x70,
  and: 0x71,
  eqz: 0x45,
  eq: 0x46,
  ne: 0x47,
  lt: 0x48,
  below: 0x49,
  ge: 0x4e,
  select: 0x1b,
  drop: 0x1a,
  return: 0x0f,
} as const;

export const SIMD = {
  splat: 0x11,
  ieq: 0x37,
  ilt: 0x39,
  ibelow: 0x3a,
  eq: 0x41,
  ne: 0x42,
  lt: 0x43,
  le: 0x45,
  not: 0x4d,
  and: 0x4e,
  or: 0x50,
  xor: 0x51,
  select: 0x52,
  any: 0x53,
  "f32x4.demote_f64x2_zero": 0x5e,
  "f64x2.promote_low_f32x4": 0x5f,
  floor: 0x68,
  "i16x8.extend_low_i8x16_u": 0x89,
  "i32x4.extend_low_i16x8_u": 0xa9,
  shl: 0xab,
  shrU: 0xad,
  iadd: 0xae,
  isub: 0xb1,
  imul: 0xb5,
  imin: 0xb6,
  imax: 0xb8,
  abs: 0xe0,
  neg: 0xe1,
  sqrt: 0xe3,
  add: 0xe4,
  sub: 0xe5,
  mul: 0xe6,
  div: 0xe7,
  pmin: 0xea,
  pmax: 0xeb,
  toI32: 0xf8,
  toF32: 0xfa,
  "f64x2.add": 0xf0,
  madd: 0x105,
} as const;

/** Instructions that access memory: prefix (0xfe: threads), opcode and log2 of the bytes; the offset comes behind them. */
export const MEMORY = {
  "i32.load": [0x28, 2],
  "i32.load8_u": [0x2d, 0],
  "i32.store": [0x36, 2],
  "v128.load": [0xfd, 0x00, 2],
  "v128.load32_splat": [0xfd, 0x09, 2],
  "v128.load32_zero": [0xfd, 0x5c, 2],
  "v128.store": [0xfd, 0x0b, 2],
  "memory.atomic.notify": [0xfe, 0x00, 2],
  "memory.atomic.wait32": [0xfe, 0x01, 2],
  "i32.atomic.load": [0xfe, 0x10, 2],
  "i32.atomic.store": [0xfe, 0x17, 2],
  "i32.atomic.rmw.add": [0xfe, 0x1e, 2],
} as const;

/** The same with a lane number after the offset. */
export const LANE_MEMORY = {
  "v128.load32_lane": [0xfd, 0x56, 2],
  "v128.store32_lane": [0xfd, 0x5a, 2],
  "v128.store8_lane": [0xfd, 0x58, 0],
} as const;

export const LANE = {
  "i32x4.extract_lane": 0x1b,
  "i32x4.replace_lane": 0x1c,
} as const;

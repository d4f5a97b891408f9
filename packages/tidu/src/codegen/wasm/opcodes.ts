/** WebAssembly opcodes by their names in the specification: core and SIMD (prefix 0xfd). */
export const CORE = {
  "i32.add": 0x6a,
  "i32.sub": 0x6b,
  "i32.mul": 0x6c,
  "i32.div_u": 0x6e,
  "i32.rem_u": 0x70,
  "i32.and": 0x71,
  "i32.eqz": 0x45,
  "i32.eq": 0x46,
  "i32.ne": 0x47,
  "i32.lt_s": 0x48,
  "i32.lt_u": 0x49,
  "i32.ge_s": 0x4e,
  select: 0x1b,
  drop: 0x1a,
  return: 0x0f,
} as const;

export const SIMD = {
  "i32x4.splat": 0x11,
  "i32x4.eq": 0x37,
  "i32x4.lt_u": 0x3a,
  "f32x4.eq": 0x41,
  "f32x4.ne": 0x42,
  "f32x4.lt": 0x43,
  "f32x4.le": 0x45,
  "v128.not": 0x4d,
  "v128.and": 0x4e,
  "v128.or": 0x50,
  "v128.xor": 0x51,
  "v128.bitselect": 0x52,
  "v128.any_true": 0x53,
  "f32x4.demote_f64x2_zero": 0x5e,
  "f64x2.promote_low_f32x4": 0x5f,
  "f32x4.floor": 0x68,
  "i16x8.extend_low_i8x16_u": 0x89,
  "i32x4.extend_low_i16x8_u": 0xa9,
  "i32x4.shl": 0xab,
  "i32x4.shr_u": 0xad,
  "i32x4.add": 0xae,
  "i32x4.sub": 0xb1,
  "i32x4.mul": 0xb5,
  "i32x4.min_s": 0xb6,
  "i32x4.max_s": 0xb8,
  "f32x4.abs": 0xe0,
  "f32x4.neg": 0xe1,
  "f32x4.sqrt": 0xe3,
  "f32x4.add": 0xe4,
  "f32x4.sub": 0xe5,
  "f32x4.mul": 0xe6,
  "f32x4.div": 0xe7,
  "f32x4.pmin": 0xea,
  "f32x4.pmax": 0xeb,
  "i32x4.trunc_sat_f32x4_s": 0xf8,
  "f32x4.convert_i32x4_s": 0xfa,
  "f64x2.add": 0xf0,
  "f32x4.relaxed_madd": 0x105,
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

/** What the machine that will run the code can do. */
export interface Machine {
  /** Fused multiply-add ("relaxed SIMD") may be used; results then differ from `portable` ones in the last bits. */
  readonly relaxed: boolean;
  /** The engine makes 256-bit instructions of pairs of 128-bit ones: code is then written so that it finds such pairs. */
  readonly wide: boolean;
}

/** What the machine that will run the code can do. */
export interface Machine {
  /** Fused multiply-add ("relaxed SIMD") may be used; results then differ from `portable` ones in the last bits. */
  readonly relaxed: boolean;
}

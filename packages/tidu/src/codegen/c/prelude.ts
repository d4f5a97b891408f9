// What every C program begins with: vectors of the lengths that it uses and the operations that C has no sign for.

const list = (lanes: number, item: string): string => new Array(lanes).fill(item).join(", ");

/** Vectors of one length. */
const vectors = (n: number): string => `
typedef float vf${n} __attribute__((vector_size(${4 * n})));
typedef int32_t vi${n} __attribute__((vector_size(${4 * n})));
typedef uint32_t vu${n} __attribute__((vector_size(${4 * n})));
typedef double vd${n} __attribute__((vector_size(${8 * n})));
typedef float vf${n}u __attribute__((vector_size(${4 * n}), aligned(4), may_alias));
typedef double vd${n}u __attribute__((vector_size(${8 * n}), aligned(4), may_alias));
typedef uint8_t vb${n}u __attribute__((vector_size(${n}), aligned(1), may_alias));
#define SF${n}(c) ((vf${n}){${list(n, "c")}})
#define SI${n}(c) ((vi${n}){0} + (c))
#define LOAD${n}(at) (*(const vf${n}u *)(at))
#define STORE${n}(at, v) (*(vf${n}u *)(at) = (v))
#define BYTES${n}(at) __builtin_convertvector(*(const vb${n}u *)(at), vi${n})
INLINE vf${n} spread${n}(float c) { return SF${n}(c); }
#define SPREAD${n}(at) spread${n}(NUMBER(at))
INLINE vi${n} pick${n}(vi${n} mask, vi${n} a, vi${n} b) { return (mask & a) | (~mask & b); }
INLINE vi${n} imin${n}(vi${n} a, vi${n} b) { return pick${n}(a < b, a, b); }
INLINE vi${n} imax${n}(vi${n} a, vi${n} b) { return pick${n}(a > b, a, b); }
INLINE vi${n} toi${n}(vf${n} a) {
  const vi${n} inside = (a < 2147483648.0f) & (a >= -2147483648.0f);
  const vi${n} whole = __builtin_convertvector((vf${n})((vi${n})a & inside), vi${n});
  return whole | ((a >= 2147483648.0f) & 2147483647) | ((a < -2147483648.0f) & (-2147483647 - 1));
}
INLINE void part${n}(I at, vf${n} v, int count) { __builtin_memcpy((void *)at, &v, 4 * count); }
#define WIDE${n}(at) (*(vd${n}u *)(at))
INLINE int any${n}(vi${n} a) { int32_t all = 0; for (int l = 0; l < ${n}; l++) all |= a[l]; return all != 0; }
`;

const addresses = (n: number): string[] => Array.from({ length: n / 4 }, (_, i) => `at${i}`);

/** Vectors made of fours of numbers: each of an address of its own, one again and again, and fours of one number before zeros. */
const quads = (n: number): string => `
INLINE vf${n} quads${n}(${addresses(n)
  .map((at) => `I ${at}`)
  .join(", ")}) {
  vf${n} r = {0};
  for (int l = 0; l < 4; l++) { ${addresses(n)
    .map((at, i) => `r[${4 * i} + l] = NUMBER(${at} + 4 * l);`)
    .join(" ")} }
  return r;
}
INLINE vf${n} spreadquad${n}(I at) { return quads${n}(${addresses(n)
  .map(() => "at")
  .join(", ")}); }
INLINE vf4 quad${n}(vf${n} a, int n) { vf4 r; for (int l = 0; l < 4; l++) r[l] = a[4 * n + l]; return r; }
`;

/** The same by instructions of x86. */
const x86Quads: Readonly<Record<number, string>> = {
  8: `
INLINE vf8 quads8(I at0, I at1) {
  return (vf8)_mm256_insertf128_ps(_mm256_castps128_ps256((__m128)LOAD4(at0)), (__m128)LOAD4(at1), 1);
}
INLINE vf8 spreadquad8(I at) { return (vf8)_mm256_broadcast_ps((const __m128 *)at); }
#define quad8(a, n) ((vf4)_mm256_extractf128_ps((__m256)(a), n))
`,
  16: `
INLINE __m256 half16(I at0, I at1) {
  return _mm256_insertf128_ps(_mm256_castps128_ps256((__m128)LOAD4(at0)), (__m128)LOAD4(at1), 1);
}
INLINE vf16 quads16(I at0, I at1, I at2, I at3) {
  const __m512d low = _mm512_castpd256_pd512((__m256d)half16(at0, at1));
  return (vf16)_mm512_insertf64x4(low, (__m256d)half16(at2, at3), 1);
}
INLINE vf16 spreadquad16(I at) { return (vf16)_mm512_broadcast_f32x4((__m128)LOAD4(at)); }
#define quad16(a, n) ((vf4)_mm512_extractf32x4_ps((__m512)(a), n))
`,
};

/** An operation by an instruction of the processor's where there is one, else lane by lane. */
const operations = (n: number): string => {
  const lane = (text: string) => `vf${n} r; for (int l = 0; l < ${n}; l++) r[l] = ${text}; return r;`;
  const choose = (sign: string) => `const vi${n} m = ${sign}; return (vf${n})((m & (vi${n})b) | (~m & (vi${n})a));`;
  return `
INLINE vf${n} pmax${n}(vf${n} a, vf${n} b) { ${choose("a < b")} }
INLINE vf${n} pmin${n}(vf${n} a, vf${n} b) { ${choose("b < a")} }
INLINE vf${n} sqrt${n}(vf${n} a) { ${lane("__builtin_sqrtf(a[l])")} }
INLINE vf${n} floor${n}(vf${n} a) { ${lane("__builtin_floorf(a[l])")} }
#if FUSED
INLINE vf${n} fma${n}(vf${n} a, vf${n} b, vf${n} c) { ${lane("__builtin_fmaf(a[l], b[l], c[l])")} }
#endif
`;
};

/** Instructions of x86 for vectors of one length, which its compilers do not find by themselves. */
const x86 = (n: number): string => {
  const [prefix, type] = n === 16 ? ["_mm512", "__m512"] : n === 8 ? ["_mm256", "__m256"] : ["_mm", "__m128"];
  const floor = n === 16 ? `${prefix}_roundscale_ps((${type})a, 9)` : `${prefix}_floor_ps((${type})a)`;
  return `
INLINE vf${n} pmax${n}(vf${n} a, vf${n} b) { return (vf${n})${prefix}_max_ps((${type})b, (${type})a); }
INLINE vf${n} pmin${n}(vf${n} a, vf${n} b) { return (vf${n})${prefix}_min_ps((${type})b, (${type})a); }
INLINE vf${n} sqrt${n}(vf${n} a) { return (vf${n})${prefix}_sqrt_ps((${type})a); }
INLINE vf${n} floor${n}(vf${n} a) { return (vf${n})${floor}; }
#if FUSED
INLINE vf${n} fma${n}(vf${n} a, vf${n} b, vf${n} c) { return (vf${n})${prefix}_fmadd_ps((${type})a, (${type})b, (${type})c); }
#endif
`;
};

const FEATURES: Readonly<Record<number, string>> = {
  4: "defined(__SSE4_1__) && (!FUSED || defined(__FMA__))",
  8: "defined(__AVX__) && (!FUSED || defined(__FMA__))",
  16: "defined(__AVX512F__)",
};

/** @param lengths of the vectors that the program uses. */
export const prelude = (lengths: readonly number[], fused: boolean): string => `#include <stdint.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif
#define FUSED ${fused ? 1 : 0}
#define INLINE static inline __attribute__((always_inline, unused))
typedef int64_t I;
typedef uint64_t U;
typedef float number __attribute__((aligned(4), may_alias));
#define NUMBER(at) (*(number *)(at))
#define BYTE(at) (*(uint8_t *)(at))
${lengths
  .map(
    (n) => `${vectors(n)}#if ${FEATURES[n]}
${x86(n)}${x86Quads[n] ?? ""}#else
${operations(n)}${n > 4 ? quads(n) : ""}#endif
`,
  )
  .join("")}`;

// The beginning of every C program: vectors of the lengths that it uses, and operations for which C has no operator.

const list = (lanes: number, item: string): string => new Array(lanes).fill(item).join(", ");

/** Vectors of one length. */
const vectors = (n: number): string => `
typedef float vf${n} __attribute__((vector_size(${4 * n})));
typedef int32_t vi${n} __attribute__((vector_size(${4 * n})));
typedef uint32_t vu${n} __attribute__((vector_size(${4 * n})));
typedef double vd${n} __attribute__((vector_size(${8 * n})));
typedef float vf${n}u __attribute__((vector_size(${4 * n}), aligned(4), may_alias));
typedef double vd${n}u __attribute__((vector_size(${8 * n}), aligned(4), may_alias));
typedef uint8_t vb${n} __attribute__((vector_size(${n})));
typedef uint8_t vb${n}u __attribute__((vector_size(${n}), aligned(1), may_alias));
typedef uint16_t vh${n} __attribute__((vector_size(${2 * n})));
typedef uint16_t vh${n}u __attribute__((vector_size(${2 * n}), aligned(2), may_alias));
#define SF${n}(c) ((vf${n}){${list(n, "c")}})
#define SI${n}(c) ((vi${n}){0} + (c))
#define LOAD${n}(at) (*(const vf${n}u *)(at))
#define STORE${n}(at, v) (*(vf${n}u *)(at) = (v))
#define BYTES${n}(at) __builtin_convertvector(*(const vb${n}u *)(at), vi${n})
#define HALVES${n}(at) __builtin_convertvector(*(const vh${n}u *)(at), vi${n})
#define STOREBYTES${n}(at, v) (*(vb${n}u *)(at) = __builtin_convertvector(v, vb${n}))
#define STOREHALVES${n}(at, v) (*(vh${n}u *)(at) = __builtin_convertvector(v, vh${n}))
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

/**
 * Vectors made of groups of four numbers or halves: each group from its own address, or one group repeated; and one group
 * of a vector.
 */
const quads = (n: number): string => {
  const all = Array.from({ length: n / 4 }, (_, i) => i);
  const numbers = (count: number, of: (i: number) => number | string) =>
    Array.from({ length: count }, (_, i) => of(i)).join(", ");
  const given = all.map((i) => `I at${i}`).join(", ");
  // Two vectors of a length become one of twice that length.
  const join = (from: readonly string[], length: number): string => {
    if (from.length === 1) return from[0];
    const order = numbers(2 * length, (i) => i);
    const pairs = from.flatMap((text, i) =>
      i % 2 === 0 ? [`__builtin_shufflevector(${text}, ${from[i + 1]}, ${order})`] : [],
    );
    return join(pairs, 2 * length);
  };
  const loaded = (load: (i: number) => string) => join(all.map(load), 4);
  return `
INLINE vf${n} quads${n}(${given}) { return ${loaded((i) => `(vf4)LOAD4(at${i})`)}; }
INLINE vi${n} halfquads${n}(${given}) {
  return __builtin_convertvector(${loaded((i) => `(vh4)*(const vh4u *)(at${i})`)}, vi${n});
}
${define(SPREAD_QUAD, n, FEATURES[n])}#define quad${n}(a, n) __builtin_shufflevector(a, a, ${numbers(4, (i) => `4 * (n) + ${i}`)})
`;
};

/** An operation: the compiler's builtin for the processor's instruction if there is one, else portable C. */
interface Operation {
  readonly name: string;
  readonly parameters: string;
  /** The builtins for the instruction on vectors of a length, and their arguments, best first. */
  readonly builtins: (lanes: number) => readonly (readonly [name: string, given: string])[];
  readonly otherwise: (lanes: number) => string;
}

/** GCC masks instructions on 512 bits, Clang does not; both round as the processor is set (4). */
const onX86 = (what: string, given: string) => (lanes: number) => {
  if (lanes === 4) return [[`__builtin_ia32_${what}ps`, given]] as const;
  if (lanes === 8) return [[`__builtin_ia32_${what}ps256`, given]] as const;
  return [
    [`__builtin_ia32_${what}ps512_mask`, `${given}, (vf16){0}, (uint16_t)-1, 4`],
    [`__builtin_ia32_${what}ps512`, `${given}, 4`],
  ] as const;
};

const fusedOnX86 = (lanes: number) => {
  const portable = ["__builtin_elementwise_fma", "a, b, c"] as const;
  if (lanes === 16) return [portable, ["__builtin_ia32_vfmaddps512_mask", "a, b, c, (uint16_t)-1, 4"]] as const;
  return [portable, [`__builtin_ia32_vfmaddps${lanes === 8 ? "256" : ""}`, "a, b, c"]] as const;
};

/** Rounding down (1), which is never an exception (8). */
const floorOnX86 = (lanes: number) => {
  if (lanes === 16) return [["__builtin_ia32_rndscaleps_mask", "a, 9, (vf16){0}, (uint16_t)-1, 4"]] as const;
  return [[`__builtin_ia32_roundps${lanes === 8 ? "256" : ""}`, "a, 9"]] as const;
};

const each = (text: string) => (n: number) =>
  `vf${n} r = {0}; for (int l = 0; l < ${n}; l++) r[l] = ${text}; return r;`;
const choose = (sign: string) => (n: number) =>
  `const vi${n} m = ${sign}; return (vf${n})((m & (vi${n})b) | (~m & (vi${n})a));`;

const [ONE, TWO, THREE] = ["# a", "# a, # b", "# a, # b, # c"];
const OPERATIONS: readonly Operation[] = [
  { name: "pmax", parameters: TWO, builtins: onX86("max", "b, a"), otherwise: choose("a < b") },
  { name: "pmin", parameters: TWO, builtins: onX86("min", "b, a"), otherwise: choose("b < a") },
  {
    name: "sqrt",
    parameters: ONE,
    builtins: (n) => [["__builtin_elementwise_sqrt", "a"], ...onX86("sqrt", "a")(n)],
    otherwise: each("__builtin_sqrtf(a[l])"),
  },
  { name: "floor", parameters: ONE, builtins: floorOnX86, otherwise: each("__builtin_floorf(a[l])") },
];
const FUSED: Operation = {
  name: "fma",
  parameters: THREE,
  builtins: fusedOnX86,
  otherwise: each("__builtin_fmaf(a[l], b[l], c[l])"),
};

/**
 * GCC makes a wide vector of one short vector by way of memory, which takes five times as long; of several it does not.
 */
const SPREAD_QUAD: Operation = {
  name: "spreadquad",
  parameters: "I at",
  builtins: (n) => (n === 16 ? [["__builtin_ia32_broadcastf32x4_512", "LOAD4(at), (vf16){0}, (uint16_t)-1"]] : []),
  otherwise: (n) => `return quads${n}(${list(n / 4, "at")});`,
};

/** The macro by which a compiler says that the processor has instructions for vectors of a length. */
const FEATURES: Readonly<Record<number, string>> = {
  4: "defined(__SSE4_1__)",
  8: "defined(__AVX__)",
  16: "defined(__AVX512F__)",
};

function define({ name, parameters, builtins, otherwise }: Operation, lanes: number, feature: string): string {
  const head = `INLINE vf${lanes} ${name}${lanes}(${parameters.replaceAll("#", `vf${lanes}`)})`;
  const ways = builtins(lanes).map(
    ([builtin, given], i) =>
      `#${i > 0 ? "el" : ""}if ${feature} && HAS(${builtin})\n${head} { return (vf${lanes})${builtin}(${given}); }\n`,
  );
  const other = `${head} { ${otherwise(lanes)} }\n`;
  return ways.length === 0 ? other : `${ways.join("")}#else\n${other}#endif\n`;
}

const operations = (lanes: number, fused: boolean): string =>
  [
    ...OPERATIONS.map((o) => define(o, lanes, FEATURES[lanes])),
    ...(fused ? [define(FUSED, lanes, `${FEATURES[lanes]} && defined(__FMA__)`)] : []),
  ].join("");

/** The type of addresses: of 64 bits wherever programs are compiled here, or whatever another machine has. */
export type Word = "int64_t" | "intptr_t";

/** @param lengths of the vectors that the program uses. */
export const prelude = (
  lengths: readonly number[],
  fused: boolean,
  word: Word = "int64_t",
): string => `#include <stdint.h>
#define INLINE static inline __attribute__((always_inline, unused))
#define HAS(what) __has_builtin(what)
typedef ${word} I;
typedef u${word} U;
typedef float number __attribute__((aligned(4), may_alias));
#define NUMBER(at) (*(number *)(at))
typedef uint16_t half __attribute__((aligned(2), may_alias));
#define BYTE(at) (*(uint8_t *)(at))
#define HALF(at) (*(half *)(at))
${lengths.map((n) => vectors(n) + (n > 4 ? quads(n) : "") + operations(n, fused)).join("")}`;

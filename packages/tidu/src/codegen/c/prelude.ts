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

const numbers = (count: number, of: (i: number) => number | string): string =>
  Array.from({ length: count }, (_, i) => of(i)).join(", ");

/** Vectors of a length, one after the other: two become one of twice that length. */
function joined(from: readonly string[], length: number): string {
  if (from.length === 1) return from[0];
  const order = numbers(2 * length, (i) => i);
  const pairs = from.flatMap((text, i) =>
    i % 2 === 0 ? [`__builtin_shufflevector(${text}, ${from[i + 1]}, ${order})`] : [],
  );
  return joined(pairs, 2 * length);
}

/**
 * Vectors made of groups of four numbers or halves: each group from its own address, or one group repeated; and one group
 * of a vector.
 */
const quads = (n: number): string => {
  const all = Array.from({ length: n / 4 }, (_, i) => i);
  const given = all.map((i) => `I at${i}`).join(", ");
  const loaded = (load: (i: number) => string) => joined(all.map(load), 4);
  return `
INLINE vf${n} quads${n}(${given}) { return ${loaded((i) => `(vf4)LOAD4(at${i})`)}; }
INLINE vi${n} halfquads${n}(${given}) {
  return __builtin_convertvector(${loaded((i) => `(vh4)*(const vh4u *)(at${i})`)}, vi${n});
}
${define(SPREAD_QUAD, n, FEATURES[n])}#define quad${n}(a, n) __builtin_shufflevector(a, a, ${numbers(4, (i) => `4 * (n) + ${i}`)})
`;
};

/**
 * An operation: the compiler's builtin for the processor's instruction if there is one, else portable C. None calls a
 * function of the C library's mathematics, which would have to be linked.
 */
interface Operation {
  readonly name: string;
  readonly parameters: string;
  /** The builtins for the instruction on vectors of a length, and their arguments, best first. */
  readonly builtins: (lanes: number) => readonly (readonly [name: string, given: string])[];
  /** The macro by which a compiler says that it has them, where it is another than for most. */
  readonly feature?: Readonly<Record<number, string>>;
  /** The instruction of 64-bit ARM for four numbers. */
  readonly arm?: string;
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

/** Four numbers after the other, by the operation on four. */
const inFours = (name: string, ofFour: (n: number) => string) => (n: number) =>
  n === 4
    ? ofFour(n)
    : `return ${joined(
        Array.from({ length: n / 4 }, (_, i) => `${name}4(quad${n}(a, ${i}))`),
        4,
      )};`;

/** The whole number at or below: from 2^23 on all numbers are whole; a zero keeps its sign. */
const wholeBelow = (n: number): string => `
  const vi${n} sign = (vi${n})a & (-2147483647 - 1), small = (vf${n})((vi${n})a & 2147483647) < 8388608.0f;
  const vf${n} whole = __builtin_convertvector(__builtin_convertvector((vf${n})((vi${n})a & small), vi${n}), vf${n});
  const vf${n} below = whole - (vf${n})((whole > a) & (vi${n})SF${n}(1.0f));
  return (vf${n})pick${n}(small, (vi${n})below | sign, (vi${n})a);
`;

const [ONE, TWO, THREE] = ["# a", "# a, # b", "# a, # b, # c"];
const OPERATIONS: readonly Operation[] = [
  { name: "pmax", parameters: TWO, builtins: onX86("max", "b, a"), otherwise: choose("a < b") },
  { name: "pmin", parameters: TWO, builtins: onX86("min", "b, a"), otherwise: choose("b < a") },
  {
    name: "sqrt",
    parameters: ONE,
    feature: { 4: "defined(__SSE__)" },
    builtins: (n) => [["__builtin_elementwise_sqrt", "a"], ...onX86("sqrt", "a")(n)],
    arm: "fsqrt",
    otherwise: inFours("sqrt", each("sqrt1(a[l])")),
  },
  { name: "floor", parameters: ONE, builtins: floorOnX86, arm: "frintm", otherwise: inFours("floor", wholeBelow) },
];
const FUSED: Operation = {
  name: "fma",
  parameters: THREE,
  builtins: fusedOnX86,
  otherwise: each("fma1(a[l], b[l], c[l])"),
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

function define({ name, parameters, builtins, arm, otherwise }: Operation, lanes: number, feature: string): string {
  const head = `INLINE vf${lanes} ${name}${lanes}(${parameters.replaceAll("#", `vf${lanes}`)})`;
  const ways = builtins(lanes).map(
    ([builtin, given]): Way => [`${feature} && HAS(${builtin})`, `return (vf${lanes})${builtin}(${given});`],
  );
  if (arm !== undefined && lanes === 4)
    ways.push(["defined(__aarch64__)", `vf4 r; __asm__("${arm} %0.4s, %1.4s" : "=w"(r) : "w"(a)); return r;`]);
  return firstOf(ways, otherwise(lanes), head);
}

/** A condition of the preprocessor, and a function's body where it holds. */
type Way = readonly [condition: string, body: string];

/** A function with the first body that is possible. */
function firstOf(ways: readonly Way[], otherwise: string, head: string): string {
  const other = `${head} { ${otherwise} }\n`;
  const texts = ways.map(([condition, body], i) => `#${i > 0 ? "el" : ""}if ${condition}\n${head} { ${body} }\n`);
  return ways.length === 0 ? other : `${texts.join("")}#else\n${other}#endif\n`;
}

const operations = (lanes: number, fused: boolean): string =>
  [
    ...OPERATIONS.map((o) => define(o, lanes, o.feature?.[lanes] ?? FEATURES[lanes])),
    ...(fused ? [define(FUSED, lanes, `${FEATURES[lanes]} && defined(__FMA__)`)] : []),
  ].join("");

/**
 * The square root of one number: by the processor's instruction or, digit by digit, in whole numbers. Its 25th digit says
 * how to round: no root lies halfway between two numbers.
 */
const ROOT = firstOf(
  [
    [
      "defined(__arm__) && defined(__ARM_FP) && (__ARM_FP & 4)",
      '__asm__("vsqrt.f32 %0, %1" : "=t"(a) : "t"(a)); return a;',
    ],
    ["defined(__riscv_flen)", '__asm__("fsqrt.s %0, %1" : "=f"(a) : "f"(a)); return a;'],
  ],
  `
  union { float number; uint32_t bits; } x = {a};
  if (x.bits - 1 >= 0x7f7fffff) return x.bits << 1 != 0 && x.bits >> 31 ? (a - a) / (a - a) : a;
  int32_t exponent = (int32_t)(x.bits >> 23) - 127;
  uint32_t digits = x.bits & 0x7fffff, root = 0, rest = 0;
  if (exponent > -127) digits |= 0x800000;
  else for (exponent = -126; digits < 0x800000; exponent--) digits <<= 1;
  digits <<= 7 + (exponent & 1);
  for (int i = 0; i < 25; i++, digits <<= 2) {
    rest = rest << 2 | digits >> 30;
    root <<= 1;
    if (rest > 2 * root) rest -= 2 * root++ + 1;
  }
  x.bits = (root >> 1) + (root & 1) + ((uint32_t)((exponent - (exponent & 1)) / 2 + 126) << 23);
  return x.number;
`,
  "INLINE float sqrt1(float a)",
);

/**
 * a * b + c in one rounding: by the processor's instruction or, in float64, where the sum is made odd if it is not exact.
 * Boldo and Melquiond, 2008.
 */
const FUSE = firstOf(
  [["defined(__aarch64__) || defined(__FMA__) || defined(__FP_FAST_FMAF)", "return __builtin_fmaf(a, b, c);"]],
  `
  const double product = (double)a * b, sum = product + c, added = sum - product;
  const double lost = (product - (sum - added)) + (c - added);
  union { double number; uint64_t bits; } x = {sum};
  if ((lost > 0 || lost < 0) && x.bits % 2 == 0) x.bits += (lost > 0) == (sum > 0) ? 1 : -1;
  return (float)x.number;
`,
  "INLINE float fma1(float a, float b, float c)",
);

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
${ROOT}${fused ? FUSE : ""}${lengths.map((n) => vectors(n) + (n > 4 ? quads(n) : "") + operations(n, fused)).join("")}`;

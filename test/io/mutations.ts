// Random damage to files, for property tests.
import fc from "fast-check";

/** One kind of damage to a file. `at` and `length` are fractions of the file's length. */
type Mutation =
  | { kind: "flip"; at: number; mask: number }
  | { kind: "truncate"; at: number }
  | { kind: "insert"; at: number; bytes: Uint8Array }
  | { kind: "remove"; at: number; length: number }
  | { kind: "splice"; at: number; from: number; length: number }
  | { kind: "number"; at: number; size: 1 | 2 | 4 | 8; value: bigint; little: boolean };

const fraction = fc.double({ min: 0, max: 1, noNaN: true });

// Damage near the start hits the header, where it matters most.
const place = fc.oneof(
  fraction,
  fraction.map((at) => at ** 4),
);

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ kind: fc.constant("flip" as const), at: place, mask: fc.integer({ min: 1, max: 255 }) }),
  fc.record({ kind: fc.constant("truncate" as const), at: place }),
  fc.record({ kind: fc.constant("insert" as const), at: place, bytes: fc.uint8Array({ minLength: 1, maxLength: 9 }) }),
  fc.record({ kind: fc.constant("remove" as const), at: place, length: fraction.map((length) => length ** 4) }),
  fc.record({
    kind: fc.constant("splice" as const),
    at: place,
    from: fraction,
    length: fraction.map((length) => length ** 4),
  }),
  fc.record({
    kind: fc.constant("number" as const),
    at: place,
    size: fc.constantFrom(1 as const, 2 as const, 4 as const, 8 as const),
    value: fc.oneof(
      fc.constantFrom(0n, 1n, 2n ** 31n - 1n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 64n - 1n),
      fc.bigInt(0n, 2n ** 64n - 1n),
    ),
    little: fc.boolean(),
  }),
);

/** One to three random kinds of damage, to be done in order by {@link damaged}. */
export const mutations: fc.Arbitrary<Mutation[]> = fc.array(mutation, { minLength: 1, maxLength: 3 });

/** A copy of `file` with every mutation done to it. */
export function damaged(file: Uint8Array, list: readonly Mutation[]): Uint8Array {
  return list.reduce(damage, file);
}

function damage(file: Uint8Array, change: Mutation): Uint8Array {
  const at = Math.floor(change.at * file.length);
  const head = file.slice(0, at);
  switch (change.kind) {
    case "flip": {
      const copy = file.slice();
      if (at < copy.length) copy[at] ^= change.mask;
      return copy;
    }
    case "truncate":
      return head;
    case "insert":
      return joined(head, change.bytes, file.subarray(at));
    case "remove":
      return joined(head, file.subarray(at + Math.ceil(change.length * file.length)));
    case "splice": {
      const from = Math.floor(change.from * file.length);
      return joined(head, file.subarray(from, from + Math.ceil(change.length * file.length)), file.subarray(at));
    }
    case "number":
      return joined(head, numberBytes(change), file.subarray(at + change.size));
  }
}

/** A number as formats store sizes: its lowest bytes, in either order. */
function numberBytes({ size, value, little }: Extract<Mutation, { kind: "number" }>): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value, little);
  return little ? bytes.subarray(0, size) : bytes.subarray(8 - size);
}

function joined(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

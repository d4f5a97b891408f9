// Tries the reader of ONNX on models that were changed at random.
import fc from "fast-check";
import { expect } from "vitest";
import { ROWS } from "../../../packages/onnx/src/import/rows/index.js";
import { decode, encode } from "../../../packages/onnx/src/proto/message.js";
import {
  type AttributeProto,
  ModelMessage,
  type NodeProto,
  type TensorProto,
} from "../../../packages/onnx/src/proto/schema.js";
import { TiduError } from "../../../packages/tidu/src/base/errors.js";
import type { DamagedFormat } from "../../fuzz/damage.js";

/** One change to a well-formed model; numbers choose by their remainders. */
interface Change {
  readonly kind: "op" | "input" | "drop" | "attribute" | "number" | "shape" | "type";
  readonly at: number;
  readonly to: number;
}

const changes: fc.Arbitrary<Change[]> = fc.array(
  fc.record({
    kind: fc.constantFrom("op", "input", "drop", "attribute", "number", "shape", "type"),
    at: fc.nat(),
    to: fc.nat(),
  }),
  { minLength: 1, maxLength: 3 },
);

const pick = <T>(list: readonly T[], at: number): T => list[at % list.length];
const replace = <T>(list: readonly T[], at: number, change: (value: T) => T): T[] =>
  list.map((value, i) => (i === at % list.length ? change(value) : value));

/** Whole numbers that sizes, axes and steps are not made for. */
const ODD = [0, -1, 1, 2, 7, -8, 2 ** 31, 2 ** 53, -(2 ** 62)];
const OPS = [...ROWS.keys(), "Constant"];

function changed(bytes: Uint8Array, { kind, at, to }: Change): Uint8Array {
  const model = decode(ModelMessage, bytes, "sound");
  const graph = model.graph;
  if (graph === undefined) return bytes;
  const names = [...graph.node.flatMap((n) => n.output), ...graph.initializer.map((t) => t.name ?? ""), "x", ""];
  const attributes = graph.node.flatMap((n) => n.attribute);
  const inNode = (change: (n: NodeProto) => NodeProto) =>
    encode(ModelMessage, { ...model, graph: { ...graph, node: replace(graph.node, at, change) } });
  const inTensor = (change: (t: TensorProto) => TensorProto) =>
    encode(ModelMessage, { ...model, graph: { ...graph, initializer: replace(graph.initializer, at, change) } });
  switch (kind) {
    case "op":
      return inNode((n) => ({ ...n, op_type: pick(OPS, to) }));
    case "input":
      return inNode((n) => ({ ...n, input: replace([...n.input, ""], to, () => pick(names, to >> 4)) }));
    case "drop":
      return inNode((n) => ({ ...n, input: n.input.slice(0, to % (n.input.length + 1)) }));
    case "attribute":
      return attributes.length === 0
        ? bytes
        : inNode((n) => ({ ...n, attribute: [...n.attribute, pick(attributes, to)] }));
    case "number":
      return inNode((n) => ({ ...n, attribute: replace(n.attribute, to, (a) => oddNumbers(a, to >> 4)) }));
    case "shape":
      return inTensor((t) => ({ ...t, dims: pick([[...t.dims].reverse(), [...t.dims, 1], [1, ...t.dims], []], to) }));
    case "type":
      return inTensor((t) => ({ ...t, data_type: to % 17 }));
  }
}

const oddNumbers = (a: AttributeProto, to: number): AttributeProto => ({
  ...a,
  i: a.i === undefined ? undefined : pick(ODD, to),
  f: a.f === undefined ? undefined : pick([0, -1, Number.NaN, 1e30], to),
  ints: replace(a.ints, to >> 2, () => pick(ODD, to)),
});

/**
 * Changes what sound models say, in `cases` ways: other operators, values, numbers. They must be read, or refused with
 * an error of the library.
 */
export function checkRewired({ files, read, file }: DamagedFormat, cases: number, seed = 2): void {
  let refused = 0;
  fc.assert(
    fc.property(fc.constantFrom(...files), changes, (sound, list) => {
      try {
        read(list.reduce(changed, sound));
      } catch (error) {
        refused++;
        if (!(error instanceof TiduError)) throw error;
        expect(error.message).toContain(file);
      }
    }),
    { numRuns: cases, seed },
  );
  expect(refused).toBeGreaterThan(cases / 10);
}

// Graphs with loops, which exporters write for recurrences, distances between rows, and scripts.
import { TYPE } from "../../../packages/onnx/src/proto/schema.js";
import { body, constant, int, ints, node, weights, whole } from "./graph.js";
import { on, type RowCase } from "./rows.js";

const { BOOL, FLOAT, INT64 } = TYPE;
const truth = { ...whole("yes", [1], []), data_type: BOOL, raw_data: Uint8Array.of(1) };

/** A running mean of what was seen, and its product with weights from around the loop. */
const recurrence = body(
  { mean: FLOAT, own: FLOAT, other: FLOAT },
  [
    node("Add", ["own", "other"], ["both"]),
    node("Add", ["mean", "both"], ["sum"]),
    node("Mul", ["sum", "half"], ["next"]),
    node("MatMul", ["next", "w"], ["given"]),
    node("Tanh", ["next"], ["bent"]),
  ],
  { next: FLOAT, given: FLOAT, bent: FLOAT },
);

const scan = (results: "last" | "given" | "bent", attributes: Parameters<typeof node>[3]): RowCase =>
  on(
    [5, 3],
    [
      // Samples come second in the first sequence, and the second sequence is the file's.
      node("Transpose", ["x"], ["steps"], { perm: ints([1, 0, 2]) }),
      node("Scan", ["start", "steps", "table"], ["last", "given", "bent"], {
        body: recurrence,
        num_scan_inputs: int(2),
        ...attributes,
      }),
      node("Identity", [results], ["y"]),
    ],
    {
      samples: [1],
      initializers: [
        weights("start", [1, 3]),
        weights("table", [3, 5]),
        weights("half", [], [0.5]),
        weights("w", [3, 4]),
      ],
    },
  );

const axes = { scan_input_axes: ints([0, 1]) };

/** Distances of all samples to the rows of a table, as scikit-learn's exports have them. */
const distances = on(
  [3],
  [
    node("Scan", ["x", "table"], ["same", "d"], {
      num_scan_inputs: int(1),
      body: body(
        { rows: FLOAT, row: FLOAT },
        [
          node("Identity", ["rows"], ["again"]),
          node("Sub", ["rows", "row"], ["apart"]),
          node("ReduceSumSquare", ["apart"], ["square"], { axes: ints([1]), keepdims: int(0) }),
        ],
        { again: FLOAT, square: FLOAT },
      ),
    }),
    node("Transpose", ["d"], ["y"], { perm: ints([1, 0]) }),
  ],
  { initializers: [weights("table", [6, 3])] },
);

/** Opset 8: a running sum of each sample's own sequence, from its end. */
const bySample = on(
  [4, 2],
  [
    node("Scan", ["", "start", "x"], ["last", "y"], {
      num_scan_inputs: int(1),
      directions: ints([1]),
      body: body(
        { sum: FLOAT, own: FLOAT },
        [node("Add", ["sum", "own"], ["next"]), node("Identity", ["next"], ["given"])],
        { next: FLOAT, given: FLOAT },
      ),
    }),
  ],
  { opset: 8, samples: [2], initializers: [weights("start", [2, 2])] },
);

const loop = (result: string, inputs: string[], inner: ReturnType<typeof body>, outputs: string[]): RowCase =>
  on([6], [node("Loop", inputs, outputs, { body: inner }), node("Identity", [result], ["y"])], {
    initializers: [whole("four", [4], []), truth, whole("one", [1]), whole("three", [3], []), whole("first", [0])],
  });

/** What stands at the step's own number is added to a sum; each step gives the sum. */
const sums = body(
  { i: INT64, go: BOOL, sum: FLOAT },
  [
    node("Unsqueeze", ["i", "first"], ["from"]),
    node("Add", ["from", "one"], ["to"]),
    node("Slice", ["x", "from", "to", "one"], ["part"]),
    node("Add", ["sum", "part"], ["more"]),
    node("Identity", ["go"], ["on"]),
    node("Neg", ["more"], ["less"]),
  ],
  { on: BOOL, more: FLOAT, less: FLOAT },
);

/** Grows a value until it was grown often enough. */
const growing = body(
  { i: INT64, go: BOOL, value: FLOAT },
  [node("Concat", ["value", "x"], ["larger"], { axis: int(1) }), node("Less", ["i", "three"], ["on"])],
  { on: BOOL, larger: FLOAT },
);

export const LOOP_CASES: readonly RowCase[] = [
  scan("last", axes),
  scan("given", axes),
  scan("given", { ...axes, scan_output_axes: ints([1, -1]) }),
  scan("bent", { ...axes, scan_output_axes: ints([1, -1]) }),
  scan("bent", { ...axes, scan_input_directions: ints([0, 1]), scan_output_directions: ints([0, 1]) }),
  distances,
  bySample,
  loop("sum", ["four", "yes", "x"], sums, ["sum", "each"]),
  loop("each", ["four", "", "x"], sums, ["sum", "each"]),
  loop("value", ["", "yes", "x"], growing, ["value"]),
];

/** A loop that goes on while the sum of what the network computes is positive. */
export const UNKNOWN_END = [
  constant(truth),
  node("Loop", ["", "yes", "x"], ["y"], {
    body: body(
      { i: INT64, go: BOOL, value: FLOAT },
      [
        node("ReduceSum", ["value"], ["sum"], { keepdims: int(0) }),
        node("Cast", ["sum"], ["on"], { to: int(BOOL) }),
        node("Neg", ["value"], ["next"]),
      ],
      { on: BOOL, next: FLOAT },
    ),
  }),
];

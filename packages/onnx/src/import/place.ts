// Where nodes stand while they are read.
import type { GraphProto } from "../proto/schema.js";
import type { Constant, Source } from "./constants.js";
import type { Members } from "./members.js";
import type { Step } from "./module.js";
import type { Shelf } from "./node.js";

/** What all graphs of a file have in common. */
export interface Model extends Source {
  /** Version of ONNX's operators. */
  readonly opset: number;
  readonly members: Members;
}

/** Where a node stands. */
export interface Place extends Shelf {
  readonly model: Model;
  given(name: string): Constant | undefined;
  tensor(constant: Constant): Step["inputs"][number];
}

/** A graph as a place of its nodes. */
export interface GraphPlace extends Place {
  readonly graph: GraphProto;
}

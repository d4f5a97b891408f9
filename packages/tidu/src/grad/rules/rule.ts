// A rule and its op.
import type { GradRule, Op, OpKind } from "../../graph/node.js";

/** How gradients flow through the nodes of an op. */
export type Ruled = readonly [Op, GradRule];

export const rule = <K extends OpKind>(op: Op<K>, by: GradRule<K>): Ruled => [op, by];

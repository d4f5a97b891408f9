// The new last layer of a network that others have trained.
import type { HeadPlace, OnnxModule } from "@tidu/onnx";
import { ArgumentError, nn } from "tidu";
import { Linear, sizeOf } from "tidu/internal";
import { outputShape } from "./outputs.js";
import type { ModelRequest } from "./request.js";

/** A network with a new last layer, and that layer's name. */
export interface Headed {
  readonly net: OnnxModule;
  readonly name: string;
  readonly head: nn.Module;
}

/** What precedes a linear layer for one sample of so many axes. */
const BEFORE: Readonly<Record<number, readonly nn.Module[]>> = { 1: [], 3: [nn.globalAvgPool2d(), nn.flatten()] };

/**
 * Gives a network a linear layer for the data's outputs: at a place, such as that of the layer that gives its scores. Of
 * images it gets the mean over all places.
 */
export function withNewHead(net: OnnxModule, place: HeadPlace, { inputShape, outputs }: ModelRequest): Headed {
  const reads = net.withHead(new nn.Activation("identity", (x) => x), place);
  const [, ...shape] = outputShape(reads, [2, ...inputShape]);
  const linear = nn.linear(shape.length === 3 ? shape[0] : sizeOf(shape), outputs);
  const before = BEFORE[shape.length] ?? [nn.flatten()];
  const head = before.length === 0 ? linear : nn.sequential(...before, linear);
  const made = net.withHead(head, place);
  const name = made.namedModules().find(([, layer]) => layer === head)?.[0] ?? "";
  return { net: made, name, head };
}

/**
 * A network's last linear layer, by its name.
 *
 * @throws ArgumentError if there is none.
 */
export function headOf(net: nn.Module, path: string): [name: string, head: Linear] {
  const head = net.namedModules().findLast((entry): entry is [string, Linear] => entry[1] instanceof Linear);
  if (head !== undefined) return head;
  throw new ArgumentError(`--from ${path}: it has no linear layer to replace; use a network that ends in one`);
}

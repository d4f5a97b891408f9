// Checks a network's outputs against the data, before anything is trained.
import { ArgumentError, type nn, Tensor } from "tidu";
import { formatShape, fromStorage, makeStorage, type Shape, sizeOf, trace } from "tidu/internal";
import type { ModelRequest } from "./request.js";

/**
 * Traces two samples through a network, without computing anything.
 *
 * @throws ArgumentError unless it gives a score for each class, or as many values as are to be predicted; whatever a
 *   layer throws for inputs that do not fit it.
 */
export function checkOutputs(name: string, net: nn.Module, { inputShape, classes, outputs }: ModelRequest): void {
  const [count, ...shape] = outputShape(net, [2, ...inputShape]);
  const fits = classes === undefined ? sizeOf(shape) === outputs : shape.length === 1 && shape[0] === classes;
  if (count === 2 && fits) return;
  const given = `gives outputs ${formatShape([count, ...shape])} for 2 samples`;
  const wanted = classes === undefined ? `${outputs} ${outputs === 1 ? "value" : "values"}` : `${classes} classes`;
  throw new ArgumentError(
    `model ${name}: ${given}, the data need ${wanted}; make its last layer give [2, ${outputs}] (a function gets the number as "outputs")`,
  );
}

/** The shape that a network gives for inputs of a shape. Throws as `checkOutputs` does for inputs that do not fit. */
export function outputShape(net: nn.Module, inputShape: Shape): Shape {
  const input = new Tensor(fromStorage(makeStorage(inputShape, "f32", "input")));
  let shape: Shape = [];
  trace(() => {
    shape = net.during(false, () => net.forward(input)).shape;
  });
  return shape;
}

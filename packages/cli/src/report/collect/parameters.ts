import { compile, grad, type loss, type nn, type Tensor, tensor } from "tidu";
import type { Dataset } from "tidu/data";
import type { ParameterFindings } from "../data.js";
import { histogram } from "./histogram.js";
import { evenly } from "./samples.js";

/** How the numbers of each parameter are spread, and the gradients of a batch taken evenly from the data. */
export async function findParameters(
  net: nn.Module,
  data: Dataset,
  loss: loss.Loss,
  batchSize: number,
): Promise<ParameterFindings[]> {
  const parameters = [...net.namedParameters()];
  if (parameters.length === 0) return [];
  const layers = new Map(net.namedModules());
  const gradients = compile((rows: Tensor) => {
    const { x, t } = data.batch(rows);
    const cost = loss(
      net.during(false, () => net.forward(x)),
      t,
    );
    return grad(
      cost,
      parameters.map(([, p]) => p),
    );
  });
  const slopes = await gradients(tensor(Int32Array.from(evenly(data.count, batchSize))));
  return Promise.all(
    parameters.map(async ([name, parameter], i) => ({
      name,
      layer: String(layers.get(name.slice(0, Math.max(name.lastIndexOf("."), 0))) ?? net),
      shape: parameter.shape,
      values: histogram(await parameter.data()),
      gradient: histogram(await slopes[i].data()),
    })),
  );
}

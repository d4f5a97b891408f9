import { nn, type Tensor } from "tidu";
import { type Arguments, argumentsOf, type LayerSpec, layerCode } from "./layers.js";

/** What a layer came to, or why there is none. */
export interface LayerReport {
  /** The call that makes it. */
  readonly code: string;
  /** Shape of what it gives for one sample; undefined after the first mistake. */
  readonly shape?: readonly number[];
  readonly parameters?: number;
  /** What does not fit, in words. */
  readonly error?: string;
}

export interface Built {
  readonly reports: readonly LayerReport[];
  /** The layers; undefined if they do not fit. */
  readonly layers?: readonly nn.Module[];
}

/**
 * Makes the layers one after the other, each for what the one before gives, up to the first that does not fit.
 *
 * @param x what a network sees of one sample, or anything of that type and shape.
 */
export function build(specs: readonly LayerSpec[], x: Tensor, classes: number): Built {
  const reports: LayerReport[] = [];
  const layers: nn.Module[] = [];
  let shape = x.shape.slice(1);
  for (const spec of specs) {
    const code = layerCode(spec, shape);
    try {
      const layer = makeLayer(spec, shape);
      // Nothing is computed: tensors are lazy.
      x = outputOf(layer, x);
      shape = x.shape.slice(1);
      layers.push(layer);
      reports.push({ code, shape, parameters: layer.parameters().reduce((n, p) => n + p.size, 0) });
    } catch (error) {
      reports.push({ code, error: (error as Error).message });
      return { reports: [...reports, ...specs.slice(reports.length).map(() => ({ code: "" }))] };
    }
  }
  const problem = lastProblem(shape, classes);
  if (problem === undefined) return { reports, layers };
  const last = reports.pop() ?? { code: "" };
  return { reports: [...reports, { ...last, error: problem }] };
}

/** The layer itself, for samples of a shape. Throws as the function of `nn` does. */
function makeLayer(spec: LayerSpec, shape: readonly number[]): nn.Module {
  const make = nn[spec.kind] as (...args: Arguments) => nn.Module;
  return make(...argumentsOf(spec, shape));
}

const outputOf = (layer: nn.Module, x: Tensor): Tensor => layer.during(false, () => layer.forward(x));

function lastProblem(shape: readonly number[], classes: number): string | undefined {
  if (shape.length === 1 && shape[0] === classes) return undefined;
  return `the network ends with [${shape.join(", ")}] for each sample, expected [${classes}], a score for each class: end with linear(…, ${classes})${shape.length > 1 ? " after flatten()" : ""}`;
}

/** One layer after the other; what each gives, in order. */
export function outputsOf(layers: readonly Pick<nn.Module, "forward">[], x: Tensor): Tensor[] {
  const outputs: Tensor[] = [];
  for (const layer of layers) outputs.push(layer.forward(outputs.at(-1) ?? x));
  return outputs;
}

export const sequentialOf = (layers: readonly nn.Module[]): nn.Module => nn.sequential(...layers);

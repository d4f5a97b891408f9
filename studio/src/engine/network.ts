// Builds the network that the settings describe, and says which layers do not fit.
import { nn, type Tensor } from "tidu";
import { type Arguments, argumentsOf, type LayerSpec, layerCode } from "./layers.js";
import { misfitOf } from "./misfit.js";
import type { Misfit } from "./trouble.js";

/** A layer, or why it could not be made. */
export interface LayerReport {
  /** The call that makes it. */
  readonly code: string;
  /** Shape of what it gives for one sample; undefined after the first mistake. */
  readonly shape?: readonly number[];
  readonly parameters?: number;
  /** What does not fit. */
  readonly error?: Misfit;
}

export interface Built {
  readonly reports: readonly LayerReport[];
  /** The layers; undefined if they do not fit. */
  readonly layers?: nn.Module[];
}

/**
 * Makes the layers one after the other, each for what the one before gives, up to the first that does not fit.
 *
 * @param x what a network sees of one sample, or anything of that type and shape.
 * @param outputs numbers that it is to give for each sample.
 */
export function build(specs: readonly LayerSpec[], x: Tensor, outputs: number): Built {
  const reports: LayerReport[] = [];
  const layers: nn.Module[] = [];
  let shape = x.shape.slice(1);
  for (const spec of specs) {
    const code = layerCode(spec, shape);
    const error = misfitOf(spec, shape, x.dtype !== "f32");
    if (error !== undefined) return { reports: ended(reports, { code, error }, specs.length) };
    try {
      const layer = makeLayer(spec, shape);
      // Nothing is computed: tensors are lazy.
      x = outputOf(layer, x);
      shape = x.shape.slice(1);
      layers.push(layer);
      reports.push({ code, shape, parameters: layer.parameters().reduce((n, p) => n + p.size, 0) });
    } catch (cause) {
      const error = { code: "engine", message: (cause as Error).message } as const;
      return { reports: ended(reports, { code, error }, specs.length) };
    }
  }
  if (specs.length === 0) return { reports };
  if (x.dtype === "f32" && shape.length === 1 && shape[0] === outputs) return { reports, layers };
  const last = reports.pop() as LayerReport;
  // A linear layer takes the last axis alone: of a map it gives an output for each row.
  const code = shape.length === 1 ? "end" : shape.at(-1) === outputs ? "flat" : "flatEnd";
  return { reports: [...reports, { ...last, error: { code, shape, outputs } }] };
}

/** Reports up to the one that does not fit, and nothing of those behind it. */
const ended = (before: readonly LayerReport[], wrong: LayerReport, count: number): LayerReport[] => [
  ...before,
  wrong,
  ...Array.from({ length: count - before.length - 1 }, () => ({ code: "" })),
];

/** The layer itself, for samples of a shape. Throws as the function of `nn` does. */
export function makeLayer(spec: LayerSpec, shape: readonly number[]): nn.Module {
  const make = nn[spec.kind] as (...args: Arguments) => nn.Module;
  return make(...argumentsOf(spec, shape));
}

const outputOf = (layer: nn.Module, x: Tensor): Tensor => layer.during(false, () => layer.forward(x));

/** One layer after the other; what each gives, in order. */
export function outputsOf(layers: readonly Pick<nn.Module, "forward">[], x: Tensor): Tensor[] {
  const outputs: Tensor[] = [];
  for (const layer of layers) outputs.push(layer.forward(outputs.at(-1) ?? x));
  return outputs;
}

export const sequentialOf = (layers: readonly nn.Module[]): nn.Module => nn.sequential(...layers);

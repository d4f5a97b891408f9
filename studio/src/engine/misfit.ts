// Checks whether a layer fits its place, before the engine is asked. The answer is data, so that every language can
// print it.

import type { KindName, LayerSpec } from "./layers.js";
import type { Misfit } from "./trouble.js";

/** Axes of one sample that kinds work on; other kinds take any. */
const AXES: Partial<Record<KindName, { readonly ranks: readonly number[]; readonly name: "map" | "line" | "lines" }>> =
  {
    conv1d: { ranks: [2], name: "line" },
    conv2d: { ranks: [3], name: "map" },
    convTranspose2d: { ranks: [3], name: "map" },
    maxPool2d: { ranks: [3], name: "map" },
    avgPool2d: { ranks: [3], name: "map" },
    globalAvgPool2d: { ranks: [3], name: "map" },
    batchNorm1d: { ranks: [1, 2], name: "lines" },
    batchNorm2d: { ranks: [3], name: "map" },
  };

/** What keeps a layer from working on samples of a shape; undefined if nothing is known to. */
export function misfitOf({ kind, values }: LayerSpec, shape: readonly number[], whole: boolean): Misfit | undefined {
  if (kind === "embedding") return whole ? undefined : { code: "whole" };
  const axes = AXES[kind];
  if (axes !== undefined && !axes.ranks.includes(shape.length)) return { code: "axes", shape, wanted: axes.name };
  const number = (name: string): number => Number(values[name]);
  switch (kind) {
    case "conv1d":
    case "conv2d":
    case "convTranspose2d":
      return convolution(kind, shape, number);
    case "maxPool2d":
    case "avgPool2d":
      return pool(shape, number);
    case "maxoutChannels": {
      const channels = shape[0];
      return channels % number("pieces") === 0 ? undefined : { code: "pieces", channels, pieces: number("pieces") };
    }
    case "flatten":
      return number("start") <= shape.length ? undefined : { code: "start", start: number("start"), shape };
    case "dropout":
      return dropout(values, shape);
    default:
      return undefined;
  }
}

type Read = (name: string) => number;

function convolution(kind: KindName, [channels, ...sides]: readonly number[], number: Read): Misfit | undefined {
  const [groups, to] = [number("groups"), number("channels")];
  if (channels % groups !== 0 || to % groups !== 0) return { code: "groups", groups, from: channels, to };
  const reach = number("dilation") * (number("kernel") - 1) + 1;
  if (kind === "convTranspose2d") {
    const [outputPadding, stride, dilation] = [number("outputPadding"), number("stride"), number("dilation")];
    if (outputPadding >= Math.max(stride, dilation)) return { code: "outputPadding", padding: outputPadding, stride };
    for (const side of sides) {
      if ((side - 1) * stride - 2 * number("padding") + reach + outputPadding < 1) {
        return { code: "padding", padding: number("padding"), kernel: reach };
      }
    }
    return undefined;
  }
  const side = Math.min(...sides) + 2 * number("padding");
  return reach > side ? { code: "tooLarge", kernel: reach, side } : undefined;
}

function pool([, ...sides]: readonly number[], number: Read): Misfit | undefined {
  const [kernel, padding] = [number("kernel"), number("padding")];
  if (2 * padding > kernel) return { code: "padding", padding, kernel };
  const side = Math.min(...sides) + 2 * padding;
  return kernel > side ? { code: "tooLarge", kernel, side } : undefined;
}

function dropout(values: LayerSpec["values"], [units]: readonly number[]): Misfit | undefined {
  const p = Number(values.p);
  if (values.drop !== "units" || p === 0 || Math.round((1 - p) * units) > 0) return undefined;
  return { code: "noneKept", units, p };
}

// The loops of a kernel, from the shapes of what it computes.
import type { AffineMap } from "../base/affine.js";
import type { Node } from "../graph/node.js";
import { labelSizes, summedLabels } from "../graph/ops/index.js";
import { mapIndex } from "./express.js";
import { type Affine, axisAffine, constantAffine } from "./kernel.js";
import type { Task } from "./schedule.js";

/** The loops of a task: how many, how long, and which element of the root each point of the outer ones writes. */
export interface Geometry {
  readonly sizes: readonly number[];
  /** How many of the loops are stored along; the rest are summed over. */
  readonly outer: number;
  /** Index of the root's element. */
  readonly root: readonly Affine[];
  /** Index into each input of the core. */
  readonly inputs: readonly (readonly Affine[])[];
}

const axes = (count: number): Affine[] => Array.from({ length: count }, (_, i) => axisAffine(i, count));

export function geometryOf({ root, core }: Task): Geometry {
  if (core?.kind === "reduce") return reduceGeometry(core);
  if (core?.kind === "contract") return contractGeometry(core);
  if (core?.kind === "unview") return unviewGeometry(core.attrs);
  if (core?.kind === "scatter") return scatterGeometry(core);
  if (core?.kind === "line") return lineGeometry(core);
  const index = axes(root.shape.length);
  if (core?.kind === "concat")
    return { sizes: root.shape, outer: index.length, root: index, inputs: core.inputs.map(() => index) };
  return { sizes: root.shape, outer: root.shape.length, root: index, inputs: [] };
}

function reduceGeometry(core: Node<"reduce">): Geometry {
  const source = core.inputs[0].shape;
  const reduced = core.attrs.axes;
  const outer = core.shape.length;
  const all = axes(source.length);
  let kept = 0;
  const input = source.map((_, a) => all[reduced.includes(a) ? outer + reduced.indexOf(a) : kept++]);
  const sizes = [...core.shape, ...reduced.map((a) => source[a])];
  return { sizes, outer, root: all.slice(0, outer), inputs: [input] };
}

function contractGeometry(core: Node<"contract">): Geometry {
  const spec = core.attrs;
  const [x, y] = core.inputs;
  const bySize = labelSizes(spec, x, y);
  const labels = [...spec.out, ...summedLabels(spec)];
  const all = axes(labels.length);
  const pick = (own: readonly string[]) => own.map((l) => all[labels.indexOf(l)]);
  const sizes = labels.map((l) => bySize.get(l) as number);
  return { sizes, outer: spec.out.length, root: all.slice(0, spec.out.length), inputs: [pick(spec.a), pick(spec.b)] };
}

/** The axis of the line comes last. */
function lineGeometry({ shape, attrs: { axis } }: Node<"line">): Geometry {
  const loops = axes(shape.length);
  const index = shape.map((_, a) => loops[a < axis ? a : a === axis ? shape.length - 1 : a - 1]);
  return { sizes: [...shape.toSpliced(axis, 1), shape[axis]], outer: shape.length, root: index, inputs: [index] };
}

function unviewGeometry(map: AffineMap): Geometry {
  const index = axes(map.domain.length);
  return { sizes: map.domain, outer: index.length, root: mapIndex(map, index, index.length), inputs: [index] };
}

/** The root's row is not affine in the loops: it counts as row 0 here. */
function scatterGeometry({ inputs: [x, rows], attrs: { axis } }: Node<"scatter">): Geometry {
  const index = axes(x.shape.length);
  const root = index.toSpliced(axis, rows.shape.length, constantAffine(0, index.length));
  return { sizes: x.shape, outer: index.length, root, inputs: [index, index.slice(axis, axis + rows.shape.length)] };
}

// Shows dropout as an ensemble: a network's predictions under all masks.
import { floatOf, type TypedArray, typedArray } from "../base/dtype.js";
import { ArgumentError } from "../base/errors.js";
import { checkNet, type Module } from "../nn/module.js";
import { Moments, type Spread } from "../nn/spread.js";
import { compile, overwrite } from "../tensor/compile.js";
import { adopt, checkTensor, type Tensor, tensor } from "../tensor/tensor.js";
import { Chooser } from "./chooser.js";
import { allMasks, type Mask } from "./masks.js";

/**
 * The most units for which `dropoutEnsemble` enumerates masks: 2¹⁶ masks.
 *
 * @example
 * ```ts
 * import { MOST_UNITS } from "tidu/insight";
 *
 * console.log(2 ** MOST_UNITS); // 65536
 * ```
 */
export const MOST_UNITS = 16;

/** A network's predictions under every dropout mask; `mean` and `spread` weigh each by its mask's probability. */
export interface DropoutEnsemble extends Spread {
  /**
   * The units that can be dropped, in the order of the masks: a layer's name, and the unit's row-major index in a
   * sample.
   */
  readonly units: readonly { readonly layer: string; readonly unit: number }[];
  readonly masks: readonly Mask[];
  /** [masks, samples, …]. */
  readonly outputs: Tensor;
}

/**
 * Runs a network under all masks that its dropout layers can draw — 2ⁿ for n units — and averages them weighted by
 * their probabilities: for each unit p if it is dropped, 1 - p if it is kept. The thinned networks of all masks, which
 * share their weights, are the ensemble that dropout trains (Srivastava et al., JMLR 15, 2014). Where only linear
 * layers follow
 * the dropout, the average is exactly the network's output at inference (Baldi and Sadowski, NIPS 2013).
 *
 * A unit is an element of a sample, or a channel with `drop: "channels"`. With `drop: "units"` a fixed number of units
 * is kept, and only such masks are tried, all equally probable. Layers other than dropout behave as at inference.
 *
 * @param x a batch [samples, …]; each sample gets the same mask.
 * @throws ArgumentError if nothing is ever dropped, or for more than `MOST_UNITS` units.
 *
 * @example
 * ```ts
 * import { nn, ones } from "tidu";
 * import { dropoutEnsemble } from "tidu/insight";
 *
 * const net = nn.sequential(nn.dropout(0.5), nn.linear(3, 1));
 * const { masks, outputs } = await dropoutEnsemble(net, ones([2, 3]));
 * console.log(masks.length, outputs.shape); // 8 [8, 2, 1]
 * ```
 */
export async function dropoutEnsemble(net: Module, x: Tensor): Promise<DropoutEnsemble> {
  checkNet("dropoutEnsemble", net);
  checkTensor("dropoutEnsemble", "x", x);
  const chooser = new Chooser(net, x);
  const units = chooser.draws.flatMap((d) => Array.from({ length: d.units }, (_, unit) => ({ layer: d.name, unit })));
  checkUnits(units.length);
  const masks = allMasks(chooser.draws);
  const run = compile((input: Tensor, mask: Tensor) => chooser.forward(input, mask));
  const mask = await tensor(new Float32Array(units.length)).realize();
  const [moments, rows] = [new Moments(), [] as TypedArray[]];
  let y = x;
  for (const { kept, probability } of masks) {
    overwrite(mask, Float32Array.from(kept));
    y = await run(x, mask);
    const row = await y.data();
    rows.push(row);
    moments.add(row, probability);
  }
  return { ...moments.spread(y), units, masks, outputs: stack(rows, y) };
}

function stack(rows: readonly TypedArray[], { shape, size, dtype }: Tensor): Tensor {
  const data = typedArray(floatOf(dtype), rows.length * size);
  rows.forEach((row, i) => data.set(row, i * size));
  return adopt(data, [rows.length, ...shape], floatOf(dtype));
}

function checkUnits(count: number): void {
  if (count === 0) throw new ArgumentError("dropoutEnsemble: the network drops nothing; give it a dropout with p > 0");
  if (count <= MOST_UNITS) return;
  throw new ArgumentError(
    `dropoutEnsemble: ${count} units can be dropped, and masks of at most ${MOST_UNITS} are enumerated; sample masks by net.predict(x, { dropout: true, samples })`,
  );
}

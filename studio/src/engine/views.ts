import { compile, type nn, type Tensor, tensor } from "tidu";
import { standardize } from "./data.js";
import { inUse } from "./look.js";
import { outputsOf } from "./network.js";
import type { LayerFrame, Pictures } from "./protocol.js";
import type { Session } from "./session.js";

/** Units or channels of a layer that are shown. */
const MOST = 16;
/** Places of the plane along each axis, and how far it reaches. */
export const GRID = 40;
export const REACH = 1.25;
/** Units, whose pictures are small, are seen at half as many places along each axis. */
const FEW = GRID / 2;
export const SIDE = 28;

interface View {
  readonly responses: readonly (Pictures | undefined)[];
  /** How likely each class is, [places or 1, classes]. */
  readonly shares: Float32Array;
}

/** What each layer gives in use, and the softmax of the last. */
const responder = (layers: readonly nn.Module[], prepare: (x: Tensor) => Tensor = (x) => x) =>
  compile((x) => {
    const outputs = outputsOf(layers.map(inUse), prepare(x));
    return [...outputs, outputs[outputs.length - 1].softmax(1)];
  });

/** What the units of all layers answer to places of the plane. */
export function lookAtPlane({ layers }: Session): () => Promise<View> {
  const places = Float32Array.from({ length: 2 * GRID * GRID }, (_, i) => {
    const [column, row] = [Math.floor(i / 2) % GRID, Math.floor(i / 2 / GRID)];
    const along = i % 2 === 0 ? column : GRID - 1 - row;
    return REACH * ((2 * along) / (GRID - 1) - 1);
  });
  const run = responder(layers);
  return async () => {
    const found = await run(tensor(places, [GRID * GRID, 2]));
    const responses: (Pictures | undefined)[] = [];
    for (const output of found.slice(0, -1)) responses.push(unitsOf(await output.data(), output.shape));
    return { responses, shares: (await found[found.length - 1].data()) as Float32Array };
  };
}

/** Of outputs [places, units] a picture for each unit. */
function unitsOf(values: ArrayLike<number>, [, units]: readonly number[]): Pictures {
  const count = Math.min(MOST, units);
  const valueAt = (unit: number, place: number): number => {
    const [row, column] = [2 * Math.floor(place / FEW), 2 * (place % FEW)];
    return values[(row * GRID + column) * units + unit];
  };
  const pictures = Float32Array.from({ length: count * FEW * FEW }, (_, i) =>
    valueAt(Math.floor(i / FEW / FEW), i % (FEW * FEW)),
  );
  return { width: FEW, height: FEW, count, values: pictures };
}

/** What the channels of all layers make of a picture of 28 × 28 grey values, 0 to 255. */
export function lookAtPicture({ layers }: Session): (pixels: Float32Array) => Promise<View> {
  const run = responder(layers, standardize);
  return async (pixels) => {
    const found = await run(tensor(pixels.slice(), [1, 1, SIDE, SIDE]));
    const responses: (Pictures | undefined)[] = [];
    for (const output of found.slice(0, -1)) responses.push(channelsOf(await output.data(), output.shape));
    return { responses, shares: (await found[found.length - 1].data()) as Float32Array };
  };
}

/** Of maps [1, channels, height, width] a picture for each channel. */
function channelsOf(values: ArrayLike<number>, shape: readonly number[]): Pictures | undefined {
  if (shape.length !== 4) return undefined;
  const [, channels, height, width] = shape;
  const count = Math.min(MOST, channels);
  return { width, height, count, values: Float32Array.from({ length: count * height * width }, (_, i) => values[i]) };
}

/** The weights of a small linear layer, or a convolution's kernels for its first input channel. */
export async function weightsOf(layer: nn.Module): Promise<Pick<LayerFrame, "weights" | "kernels">> {
  const weight = layer.namedParameters().get("weight");
  if (weight === undefined) return {};
  const values = (await weight.data()) as Float32Array;
  if (weight.rank === 4) return { kernels: kernelsOf(values, weight.shape) };
  if (weight.rank !== 2 || weight.shape.some((size) => size > MOST)) return {};
  return { weights: { width: weight.shape[1], height: weight.shape[0], count: 1, values: values.slice() } };
}

function kernelsOf(values: Float32Array, [first, second, height, width]: readonly number[]): Pictures {
  const [count, size] = [Math.min(MOST, first), height * width];
  const own = Float32Array.from(
    { length: count * size },
    (_, i) => values[Math.floor(i / size) * second * size + (i % size)],
  );
  return { width, height, count, values: own };
}

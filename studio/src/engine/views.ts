import { compile, type nn, type Tensor, tensor } from "tidu";
import type { KindName } from "./layers.js";
import { inUse } from "./look.js";
import { outputsOf } from "./network.js";
import type { LayerFrame, Pictures } from "./protocol.js";
import type { Session } from "./session.js";

/** Units of a layer that are shown; and channels, and units with their weights. */
const UNITS = 64;
const MOST = 16;
/** Places of the plane along each axis, and how far it reaches. */
export const GRID = 40;
export const REACH = 1.25;
/** Units, whose pictures are small, are seen at half as many places along each axis. */
const FEW = GRID / 2;
export const SIDE = 28;
/** Layers of which each weight leads from one unit to another. */
const EDGES: readonly KindName[] = ["linear", "maxout"];

interface View {
  readonly responses: readonly (Pictures | undefined)[];
  /** How likely each class is, [places or 1, classes]. */
  readonly shares: Float32Array;
}

/** What each layer gives in use, and the softmax of the last. */
const responder = ({ layers, data }: Session) =>
  compile((x) => {
    const outputs = outputsOf(layers.map(inUse), data.train.transform(x));
    return [...outputs, outputs[outputs.length - 1].softmax(1)];
  });

type PictureOf = (output: Tensor) => Promise<Pictures | undefined>;

/** The pictures of layers' outputs, the last of which is followed by its softmax. */
async function viewOf(found: readonly Tensor[], pictureOf: PictureOf): Promise<View> {
  const responses = await Promise.all(found.slice(0, -1).map(pictureOf));
  return { responses, shares: (await found[found.length - 1].data()) as Float32Array };
}

/** What the units of all layers answer to places of the plane. */
export function lookAtPlane(session: Session): () => Promise<View> {
  const places = Float32Array.from({ length: 2 * GRID * GRID }, (_, i) => {
    const [column, row] = [Math.floor(i / 2) % GRID, Math.floor(i / 2 / GRID)];
    const along = i % 2 === 0 ? column : GRID - 1 - row;
    return REACH * ((2 * along) / (GRID - 1) - 1);
  });
  const run = responder(session);
  return async () => viewOf(await run(tensor(places, [GRID * GRID, 2])), unitsOf);
}

/** Of outputs [places, …units] a picture for each unit. */
const unitsOf: PictureOf = async (output) => {
  const [values, units] = [await output.data(), output.size / output.shape[0]];
  const count = Math.min(UNITS, units);
  const valueAt = (unit: number, place: number): number => {
    const [row, column] = [2 * Math.floor(place / FEW), 2 * (place % FEW)];
    return values[(row * GRID + column) * units + unit];
  };
  const pictures = Float32Array.from({ length: count * FEW * FEW }, (_, i) =>
    valueAt(Math.floor(i / FEW / FEW), i % (FEW * FEW)),
  );
  return { width: FEW, height: FEW, count, values: pictures };
};

/** What the channels of all layers make of a picture of 28 × 28 grey values, 0 to 255. */
export function lookAtPicture(session: Session): (pixels: Float32Array) => Promise<View> {
  const run = responder(session);
  return async (pixels) => viewOf(await run(tensor(pixels.slice(), [1, 1, SIDE, SIDE])), channelsOf);
}

/** Of maps [1, channels, …] a picture for each channel; of single units, each is a picture of one field. */
const channelsOf: PictureOf = async (output) => {
  if (output.rank > 4) return undefined;
  const [, channels, ...sides] = output.shape;
  const [height, width] = asPicture(sides);
  const [values, count] = [await output.data(), Math.min(MOST, channels)];
  return { width, height, count, values: Float32Array.from({ length: count * height * width }, (_, i) => values[i]) };
};

/** The weights of a small layer of linear functions, or a convolution's kernels for its first input channel. */
export async function weightsOf(layer: nn.Module, kind: KindName): Promise<Pick<LayerFrame, "weights" | "kernels">> {
  const weight = layer.namedParameters().get("weight");
  if (weight === undefined) return {};
  const values = (await weight.data()) as Float32Array;
  if (weight.rank >= 3) return { kernels: kernelsOf(values, weight.shape) };
  if (!EDGES.includes(kind) || weight.shape.some((size) => size > MOST)) return {};
  return { weights: { width: weight.shape[1], height: weight.shape[0], count: 1, values: values.slice() } };
}

/** Height and width of what has at most two dimensions. */
const asPicture = (sides: readonly number[]): readonly number[] => [1, 1, ...sides].slice(-2);

/** Of kernels [first, second, …] those for the first input channel, or of the first output channel if transposed. */
function kernelsOf(values: Float32Array, [first, second, ...sides]: readonly number[]): Pictures {
  const [height, width] = asPicture(sides);
  const [count, size] = [Math.min(MOST, first), height * width];
  const own = Float32Array.from(
    { length: count * size },
    (_, i) => values[Math.floor(i / size) * second * size + (i % size)],
  );
  return { width, height, count, values: own };
}

// Pictures of what units compute.
import { compile, type nn, type Tensor, tensor } from "tidu";
import type { Sample } from "./inspect.js";
import { inUse } from "./look.js";
import { outputsOf } from "./network.js";
import type { LayerFrame, Pictures } from "./protocol.js";
import type { Session } from "./session.js";
import { edgesOf, kernelsOf } from "./weights.js";

/** Units of a layer that are shown; and channels. */
const UNITS = 64;
const MOST = 16;
/** Fields of the plane along each axis, and how far it reaches. */
export const GRID = 40;
export const REACH = 1.25;
/** Units, whose pictures are small, are seen at half as many places along each axis. */
export const FEW = GRID / 2;
export const SIDE = 28;

interface View {
  readonly responses: readonly (Pictures | undefined)[];
  /** How likely each class is, [places or 1, classes]; numbers as they are. */
  readonly last: Float32Array;
}

/** The output of each layer at inference, and the softmax of the last, if it has classes. */
const responder = ({ layers, data }: Session) =>
  compile((x) => {
    const outputs = outputsOf(layers.map(inUse), data.train.transform(x));
    const last = outputs[outputs.length - 1];
    return [...outputs, data.classes === undefined ? last : last.softmax(1)];
  });

/** The middles of the fields of the plane, x and y of each, rows from the top. */
export const places = (side: number): Float32Array =>
  Float32Array.from({ length: 2 * side * side }, (_, i) => {
    const [column, row] = [Math.floor(i / 2) % side, Math.floor(i / 2 / side)];
    const along = i % 2 === 0 ? column : side - 1 - row;
    return REACH * ((2 * along + 1) / side - 1);
  });

type Plane = NonNullable<Session["data"]["plane"]>;

/** The outputs of all units for places of the plane. */
export function lookAtPlane(session: Session, plane: Plane): () => Promise<View> {
  const { values, width } = plane(places(GRID));
  const run = responder(session);
  return async () => {
    const found = await run(tensor(values.slice(), [GRID * GRID, width]));
    const responses = await Promise.all(found.slice(0, -1).map(unitsOf));
    return { responses, last: (await found[found.length - 1].data()) as Float32Array };
  };
}

/** What a network is given of the plane, as pictures. */
export function inputsOf(plane: Plane): Pictures {
  const { values, width } = plane(places(FEW));
  const count = Math.min(MOST, width);
  const own = Float32Array.from(
    { length: count * FEW * FEW },
    (_, i) => values[(i % (FEW * FEW)) * width + Math.floor(i / FEW / FEW)],
  );
  return { width: FEW, height: FEW, count, all: width, values: own };
}

/** Of outputs [places, …units] a picture for each unit. */
async function unitsOf(output: Tensor): Promise<Pictures> {
  const [values, units] = [await output.data(), output.size / output.shape[0]];
  const count = Math.min(UNITS, units);
  const pictures = new Float32Array(count * FEW * FEW);
  // Loops without a call for each number: this is done as often as the page draws.
  for (let unit = 0, i = 0; unit < count; unit++) {
    for (let row = 0; row < GRID; row += 2) {
      for (let column = 0; column < GRID; column += 2, i++) pictures[i] = values[(row * GRID + column) * units + unit];
    }
  }
  return { width: FEW, height: FEW, count, all: units, values: pictures };
}

/** Everything that the layers compute for one sample: the input, each output, and the softmax of the last. */
export interface OneView {
  readonly samples: readonly Sample[];
  readonly last: Float32Array;
}

/** What the layers make of one sample. */
export function lookAtOne({ layers, data }: Session): (values: Float32Array) => Promise<OneView> {
  const shape = [1, ...data.train.inputShape];
  const run = compile((given) => {
    const x = data.train.transform(given);
    const outputs = outputsOf(layers.map(inUse), x);
    const last = outputs[outputs.length - 1];
    return [x, ...outputs, data.classes === undefined ? last : last.softmax(1)];
  });
  return async (values) => {
    const found = await run(tensor(values.slice(), shape));
    const samples = await Promise.all(
      found.slice(0, -1).map(async (v) => ({ shape: v.shape.slice(1), values: await v.data() })),
    );
    return { samples, last: (await found[found.length - 1].data()) as Float32Array };
  };
}

/** Of maps [channels, …] a picture for each channel; of single units, each is a picture of one field. */
export function channelsOf({ shape, values }: Sample): Pictures | undefined {
  if (shape.length > 3) return undefined;
  const [channels, ...sides] = shape;
  const [height, width] = [1, 1, ...sides].slice(-2);
  const count = Math.min(height * width === 1 ? UNITS : MOST, channels);
  return {
    width,
    height,
    count,
    all: channels,
    values: Float32Array.from({ length: count * height * width }, (_, i) => values[i]),
  };
}

/** The weights of a layer, as far as they are shown. */
export async function weightsOf(
  layer: nn.Module,
  { kind, values }: Session["settings"]["layers"][number],
): Promise<Pick<LayerFrame, "edges" | "kernels">> {
  const weight = layer.namedParameters().get("weight");
  if (weight === undefined || kind === "embedding") return {};
  const numbers = (await weight.data()) as Float32Array;
  const edges = edgesOf(kind, values, numbers, weight.shape);
  return weight.rank >= 3 ? { edges, kernels: kernelsOf(numbers, weight.shape) } : { edges };
}

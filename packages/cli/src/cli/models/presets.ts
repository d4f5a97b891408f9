// Built-in networks, by the names that `--model` takes.
import { ArgumentError, nn } from "tidu";
import { formatShape, type Shape, sizeOf } from "tidu/internal";
import type { MakeModel, ModelRequest } from "./request.js";

/** The networks that have a name of their own. */
export const presets: Readonly<Record<string, MakeModel>> = { lenet, mlp, cnn, resnet };

/** LeNet-5 (LeCun, Bottou, Bengio and Haffner, 1998) with ReLU, max pooling and dropout, as it is built today. */
function lenet({ inputShape, outputs, dropout = 0.5, hidden }: ModelRequest): nn.Module {
  if (hidden !== undefined) throw new ArgumentError("--hidden: the hidden layers of lenet are fixed; use mlp or cnn");
  const [channels, height, width] = image("lenet", inputShape, 12);
  const features = 16 * after(height) * after(width);
  // biome-ignore format: one stage a line
  return nn.sequential(
    nn.conv2d(channels, 6, 5, { padding: 2 }), nn.relu(), nn.maxPool2d(2),
    nn.conv2d(6, 16, 5), nn.relu(), nn.maxPool2d(2), nn.flatten(),
    nn.linear(features, 120), nn.relu(),
    nn.linear(120, 84), nn.relu(), ...drop(dropout),
    nn.linear(84, outputs),
  );
}

/** What LeNet's two stages leave of a side: halved, two pixels lost at each end, halved. */
const after = (side: number): number => Math.floor((Math.floor(side / 2) - 4) / 2);

/** Hidden layers, by default of 256 and 128 units. */
function mlp({ inputShape, outputs, dropout = 0, hidden = [256, 128] }: ModelRequest): nn.Module {
  const flat = inputShape.length > 1 ? [nn.flatten()] : [];
  return nn.sequential(...flat, ...dense([sizeOf(inputShape), ...hidden], dropout), nn.linear(hidden.at(-1)!, outputs));
}

/** Layers from each size to the next. */
const dense = (sizes: readonly number[], dropout: number): nn.Module[] =>
  sizes.slice(1).flatMap((size, i) => [nn.linear(sizes[i], size), nn.relu(), ...drop(dropout)]);

/** Two convolutions of 32 and 64 channels, each halving the sides, and hidden layers, by default one of 128 units. */
function cnn({ inputShape, outputs, dropout = 0, hidden = [128] }: ModelRequest): nn.Module {
  const [channels, height, width] = image("cnn", inputShape, 4);
  const features = 64 * Math.floor(height / 4) * Math.floor(width / 4);
  // biome-ignore format: one stage a line
  return nn.sequential(
    nn.conv2d(channels, 32, 3, { padding: 1 }), nn.relu(), nn.maxPool2d(2),
    nn.conv2d(32, 64, 3, { padding: 1 }), nn.relu(), nn.maxPool2d(2), nn.flatten(),
    ...dense([features, ...hidden], dropout),
    nn.linear(hidden.at(-1)!, outputs),
  );
}

/** Channels of the stages of `resnet`, each of which halves the sides but for the first. */
const STAGES = [32, 64, 128];

/**
 * A residual network (He, Zhang, Ren and Sun, 2016) for photos: a stem of 16 channels, stages of 32, 64 and 128 channels
 * with a residual block in each, and the mean over the image. Trained with random crops and flips by default.
 */
function resnet({ inputShape, outputs, dropout = 0, hidden }: ModelRequest): nn.Module {
  if (hidden !== undefined) throw new ArgumentError("--hidden: resnet has no hidden layers; use mlp or cnn");
  const [channels] = image("resnet", inputShape, 8);
  const norm = (from: number, to: number, stride = 1): nn.Module[] => [
    nn.conv2d(from, to, 3, { padding: 1, stride, bias: false }),
    nn.batchNorm2d(to),
  ];
  const stages = STAGES.flatMap((width, i) => [
    ...norm(i === 0 ? 16 : STAGES[i - 1], width, i === 0 ? 1 : 2),
    nn.relu(),
    nn.residual(...norm(width, width), nn.relu(), ...norm(width, width)),
    nn.relu(),
  ]);
  return nn.sequential(
    ...norm(channels, 16),
    nn.relu(),
    ...stages,
    nn.globalAvgPool2d(),
    nn.flatten(),
    ...drop(dropout),
    nn.linear(STAGES[STAGES.length - 1], outputs),
  );
}

/** The default augmentation of a preset, in the command line's form. */
export function usualAugment(model: string, inputShape: Shape): string | undefined {
  if (model !== "resnet" || inputShape.length !== 3) return undefined;
  // As He et al. do with images of 32 pixels.
  return `crop:${Math.max(1, Math.round(Math.min(inputShape[1], inputShape[2]) / 8))},flip`;
}

const drop = (p: number): nn.Module[] => (p > 0 ? [nn.dropout(p)] : []);

/** The shape of an image, [channels, height, width], with sides of at least so many pixels. */
function image(model: string, shape: Shape, least: number): Shape {
  if (shape.length === 3 && shape[1] >= least && shape[2] >= least) return shape;
  throw new ArgumentError(
    `${model}: a sample has shape ${formatShape(shape)}, expected [channels, height, width] with sides of at least ${least}; use the model mlp`,
  );
}

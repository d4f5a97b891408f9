// `npm run check` compiles this file: every @ts-expect-error must stand before a real type error, and nothing else may
// be one. The functions are never called.
import { nn, type Tensor } from "tidu";

const size: number = 8;

export const neighboursThatFit = () => [
  nn.sequential(nn.linear(4, 8), nn.relu(), nn.dropout(0.5), nn.linear(8, 2), nn.softmax()),
  nn.sequential(nn.conv2d(1, 6, 5), nn.relu(), nn.maxPool2d(2), nn.batchNorm2d(6), nn.conv2d(6, 16, 5)),
  nn.sequential(nn.conv2d(1, 6, 5), nn.flatten(), nn.linear(400, 10)),
  nn.sequential(nn.conv1d(2, 4, 3), nn.convTranspose2d(4, 2, 3), nn.globalAvgPool2d(), nn.conv2d(2, 1, 1)),
  nn.sequential(nn.embedding(10, 4), nn.layerNorm(4), nn.maxout(4, 3, 2), nn.linear(3, 1)),
  nn.sequential(nn.sequential(nn.linear(4, 8), nn.tanh()), nn.linear(8, 2)),
];

/** Sizes that are only numbers need no cast. */
export const sizesThatAreNumbers = (widths: number[]) => [
  nn.sequential(nn.linear(4, size), nn.relu(), nn.linear(size, 2)),
  nn.sequential(nn.linear(4, size), nn.linear(9, 2)),
  nn.sequential(nn.conv2d(1, size, 3), nn.conv2d(size, 1, 3)),
  nn.sequential(...widths.map((w) => nn.linear(w, w))),
  nn.sequential(nn.flatten(), ...widths.flatMap((w) => [nn.linear(w, w), nn.relu()]), nn.linear(3, 1)),
  nn.sequential(nn.linear(4, 8), new Residual(8), nn.linear(8, 2)),
];

/** What is made by a helper is an ordinary network. */
export const asArgument = (net: nn.Sequential): nn.Module => net;
export const given = () => asArgument(nn.sequential(nn.linear(4, 8), nn.linear(8, 2)));

export const neighboursThatDoNotFit = () => [
  // @ts-expect-error 8 features into 9
  nn.sequential(nn.linear(4, 8), nn.linear(9, 2)),
  // @ts-expect-error the same past layers that keep them
  nn.sequential(nn.linear(4, 8), nn.relu(), nn.dropout(0.5), nn.layerNorm(8), nn.linear(9, 2)),
  // @ts-expect-error 8 features into 9
  nn.sequential(nn.embedding(10, 8), nn.linear(9, 2)),
  // @ts-expect-error 8 features into 9
  nn.sequential(nn.linear(4, 8), nn.maxout(9, 2, 3)),
  // @ts-expect-error 6 channels into 7
  nn.sequential(nn.conv2d(1, 6, 5), nn.conv2d(7, 16, 5)),
  // @ts-expect-error the same past layers that keep them
  nn.sequential(nn.conv2d(1, 6, 5), nn.relu(), nn.maxPool2d(2), nn.batchNorm2d(6), nn.conv2d(7, 16, 5)),
  // @ts-expect-error 6 channels into 7
  nn.sequential(nn.conv2d(1, 6, 5), nn.batchNorm2d(7)),
  // @ts-expect-error 6 channels into 7
  nn.sequential(nn.conv1d(1, 6, 5), nn.conv1d(7, 1, 1)),
  // @ts-expect-error 8 features out of a network into 9
  nn.sequential(nn.sequential(nn.linear(4, 8), nn.tanh()), nn.linear(9, 2)),
  // @ts-expect-error 8 features into a network that takes 4
  nn.sequential(nn.linear(4, 8), nn.sequential(nn.linear(4, 8), nn.tanh())),
];

/** A layer of your own says nothing of its sizes, and fits everywhere. */
class Residual extends nn.Module {
  readonly inner: nn.Linear;

  constructor(width: number) {
    super();
    this.inner = nn.linear(width, width);
  }

  override forward(x: Tensor): Tensor {
    return x.add(this.inner.forward(x).relu());
  }
}

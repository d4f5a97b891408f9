import * as nn from "../nn/index.js";

/** LeNet-5 (LeCun, Bottou, Bengio and Haffner, 1998) with ReLU, max pooling and dropout, as it is built today. */
export const lenet = (): nn.Sequential =>
  // biome-ignore format: one stage a line
  nn.sequential(
    nn.conv2d(1, 6, 5, { padding: 2 }), nn.relu(), nn.maxPool2d(2),
    nn.conv2d(6, 16, 5), nn.relu(), nn.maxPool2d(2), nn.flatten(),
    nn.linear(400, 120), nn.relu(),
    nn.linear(120, 84), nn.relu(), nn.dropout(0.5),
    nn.linear(84, 10),
  );

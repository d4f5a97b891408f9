import { nn } from "tidu";

/** The network of the page and of train.mjs, which made its weights: 16,586 of them, 66 KB. */
export const digitNetwork = () =>
  // biome-ignore format: one stage a line
  nn.sequential(
    nn.conv2d(1, 8, 5, { padding: 2 }), nn.relu(), nn.maxPool2d(2),
    nn.conv2d(8, 16, 5), nn.relu(), nn.maxPool2d(2), nn.flatten(),
    nn.linear(400, 32), nn.relu(), nn.linear(32, 10),
  );

/**
 * What the network sees of a picture.
 *
 * @param {import("tidu").Tensor} gray 0 (paper) to 255 (ink)
 */
export const toInput = (gray) => gray.toFloat().div(255);

// An app that only predicts, with a network trained elsewhere.
import { deserialize, nn, tensor } from "tidu";

const net = nn.sequential(
  nn.conv2d(1, 6, 5, { padding: 2 }),
  nn.relu(),
  nn.maxPool2d(2),
  nn.flatten(),
  nn.linear(1176, 10),
);

/**
 * @param {Uint8Array} file
 * @param {Float32Array} pixels of one image
 */
export async function classify(file, pixels) {
  deserialize(net, file, "digits.safetensors");
  const scores = await net.predict(tensor(pixels, [1, 1, 28, 28]));
  return scores.argmax(1).item();
}

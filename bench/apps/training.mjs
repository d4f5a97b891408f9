// An app that trains a network and returns it as the bytes of a file.
import { loss, nn, optim, serialize, Trainer } from "tidu";
import { dataset } from "tidu/data";

const net = nn.sequential(
  nn.conv2d(1, 6, 5, { padding: 2 }),
  nn.relu(),
  nn.maxPool2d(2),
  nn.flatten(),
  nn.linear(1176, 10),
);
const trainer = new Trainer(net, { loss: loss.crossEntropy, optimizer: optim.sgd({ lr: 0.02, momentum: 0.9 }) });

/**
 * @param {Uint8Array} pixels of all images
 * @param {Uint8Array} digits
 */
export async function learn(pixels, digits) {
  for await (const epoch of trainer.fit(dataset(pixels, [1, 28, 28], digits), { epochs: 1, batchSize: 64 }))
    console.log(epoch.loss);
  return serialize(net);
}

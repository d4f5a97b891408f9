// The training of the front page, which shows these lines.
import { loss, nn, optim, Trainer } from "tidu";
import type { Dataset } from "tidu/data";

type Options = Parameters<Trainer["fit"]>[1];

/** Trains LeNet and gives the network after each epoch. */
export async function* trainLenet(train: Dataset, watch: Options) {
  // biome-ignore format: as the page shows it
  // #region lenet
  const net = nn.sequential(
    nn.conv2d(1, 6, 5, { padding: 2 }), nn.relu(), nn.maxPool2d(2),
    nn.conv2d(6, 16, 5), nn.relu(), nn.maxPool2d(2), nn.flatten(),
    nn.linear(400, 120), nn.relu(), nn.linear(120, 84), nn.relu(), nn.linear(84, 10),
  );
  const optimizer = optim.adam({ lr: 0.002 });
  const trainer = new Trainer(net, { loss: loss.crossEntropy, optimizer });
  for await (const epoch of trainer.fit(train, { epochs: 2, ...watch })) yield { epoch, net };
  // #endregion lenet
}

// The network of the front page, which shows these lines.
import { loss, nn, optim, Trainer } from "tidu";

// #region lenet
export const net = nn.sequential(
  nn.conv2d(1, 6, 5, { padding: 2 }),
  nn.relu(),
  nn.maxPool2d(2),
  nn.conv2d(6, 16, 5),
  nn.relu(),
  nn.maxPool2d(2),
  nn.flatten(),
  nn.linear(400, 120),
  nn.relu(),
  nn.linear(120, 84),
  nn.relu(),
  nn.linear(84, 10),
);
export const trainer = new Trainer(net, { loss: loss.crossEntropy, optimizer: optim.adam({ lr: 0.002 }), seed: 1 });
// for await (const epoch of trainer.fit(train, { epochs: 2, batchSize: 64, validation: test })) console.log(epoch);
// const digits = (await net.predict(images)).argmax(1);
// #endregion lenet

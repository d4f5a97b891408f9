// Test accuracy on all of MNIST, with a fixed seed: `npm run accuracy`, or `-- mlp`, or `-- cnn`.
// mlp: 784-1024-1024-10 with dropout; cnn: two convolutions with dropout. Each takes less than five minutes on two cores.
import { loss, nn, optim, Trainer } from "tidu";
import { mnist } from "tidu/data";

const recipes = {
  mlp: {
    epochs: 20,
    batchSize: 128,
    lr: 0.05,
    least: 0.985,
    network: () =>
      nn.sequential(
        nn.flatten(),
        nn.dropout(0.2),
        nn.linear(784, 1024),
        nn.relu(),
        nn.dropout(0.5),
        nn.linear(1024, 1024),
        nn.relu(),
        nn.dropout(0.5),
        nn.linear(1024, 10),
      ),
  },
  cnn: {
    epochs: 8,
    batchSize: 64,
    lr: 0.03,
    least: 0.992,
    network: () =>
      nn.sequential(
        nn.conv2d(1, 32, 3, { padding: 1 }),
        nn.relu(),
        nn.maxPool2d(2),
        nn.conv2d(32, 64, 3, { padding: 1 }),
        nn.relu(),
        nn.maxPool2d(2),
        nn.flatten(),
        nn.dropout(0.25),
        nn.linear(3136, 128),
        nn.relu(),
        nn.dropout(0.5),
        nn.linear(128, 10),
      ),
  },
};

const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(recipes);
const { train, test } = await mnist();
for (const name of names) {
  const { epochs, batchSize, lr, least, network } = recipes[name];
  const optimizer = optim.sgd({ lr, momentum: 0.9 });
  const trainer = new Trainer(network(), { loss: loss.crossEntropy, optimizer, seed: 1 });
  const start = performance.now();
  // The learning rate falls linearly to 0.
  let done = 0;
  const onStep = ({ steps }) => {
    optimizer.lr = lr * (1 - ++done / (epochs * steps));
  };
  for await (const report of trainer.fit(train, { epochs, batchSize, onStep, validation: test })) {
    console.log(
      `${name} epoch ${report.epoch}/${epochs}  loss ${report.loss.toFixed(4)}  test accuracy ${(report.validation.accuracy * 100).toFixed(2)}%  ${report.seconds.toFixed(1)} s`,
    );
  }
  const { accuracy } = await trainer.evaluate(test);
  const seconds = (performance.now() - start) / 1000;
  console.log(
    `${name}: test accuracy ${(accuracy * 100).toFixed(2)}% (at least ${least * 100}% expected) in ${seconds.toFixed(0)} s`,
  );
  if (accuracy < least) process.exitCode = 1;
}

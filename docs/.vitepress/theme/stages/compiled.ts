// One training step of LeNet, as the stages of the compiler print it.
import { compile, loss, nn, optim, type Tensor, trainStep, zeros } from "tidu";
import { watchPrograms } from "tidu/debug";

/** Compiles the step, without running it, and returns its graph and its program as text, and how many kernels it has. */
export function compileStep(batch: number): { graph: string; program: string } {
  const net = nn.sequential(
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
  const optimizer = optim.sgd({ lr: 0.02, momentum: 0.9 });
  const step = compile((x: Tensor, t: Tensor) => trainStep({ net, loss: loss.crossEntropy, optimizer }, x, t).loss);
  const texts: string[] = [];
  const end = watchPrograms(["graph", "program"], (text) => texts.push(text));
  try {
    step.prepare(zeros([batch, 1, 28, 28]), zeros([batch]).toInt());
  } finally {
    end();
  }
  // Variables that have no value yet are made by programs of their own, which come first.
  const [graph, program] = texts.slice(-2);
  return { graph, program };
}

import { compile, device, loss, type nn, optim, setDevice, tensor } from "tidu";
import { NullDevice } from "tidu/debug";

/**
 * Multiplications of a compiled training step for each sample: those of its matrix products and convolutions, forward
 * and back, read from the program that the compiler makes.
 */
export async function productsOfStep(
  net: nn.Module,
  inputShape: readonly number[],
  batchSize: number,
): Promise<number> {
  const [engine, counting] = [device(), new NullDevice()];
  setDevice(counting);
  try {
    const optimizer = optim.sgd({ lr: 0 });
    const step = compile((x, t) => optimizer.minimize(loss.crossEntropy(net.forward(x), t), net.parameters()));
    const size = inputShape.reduce((n, d) => n * d, batchSize);
    const x = tensor(new Float32Array(size), [batchSize, ...inputShape]);
    await step(x, tensor(new Int32Array(batchSize)));
  } finally {
    setDevice(engine);
  }
  const kernels = counting.programs.flatMap(({ program }) => program.kernels);
  const products = kernels
    .filter(({ kind }) => kind === "contract")
    .reduce((sum, { sizes }) => sum + sizes.reduce((n, size) => n * size, 1), 0);
  return products / batchSize;
}

/** Numbers that training changes. */
export const parametersOf = (net: nn.Module): number => net.parameters().reduce((n, { size }) => n + size, 0);

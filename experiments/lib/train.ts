// Trains the experiments' networks, all in the same way.
import { loss, type nn, optim, Trainer } from "tidu";
import type { Augmentation } from "tidu/augment";
import type { Dataset } from "tidu/data";

export interface Training {
  readonly seed: number;
  readonly epochs: number;
  /** Adam's learning rate, which falls to 0 along half a cosine. */
  readonly lr: number;
  readonly batchSize: number;
  /** Random changes of the digits, anew in each step. */
  readonly augment?: Augmentation;
}

/** Trains a network to tell classes apart. The seed decides the initial weights, the order of samples and all masks. */
export async function train(net: nn.Module, data: Dataset, training: Training): Promise<Trainer> {
  return (await follow(net, data, training)).trainer;
}

/** What is looked at after each epoch. */
interface Watched {
  /** Digits whose accuracies become the curve. */
  readonly validation?: Dataset;
  readonly each?: () => Promise<void>;
}

/** Trains as `train` does, and measures the accuracy on other digits after each epoch, in percent. */
export async function follow(net: nn.Module, data: Dataset, training: Training, { validation, each }: Watched = {}) {
  const { seed, epochs, lr, batchSize, augment } = training;
  const trainer = new Trainer(net, { loss: loss.crossEntropy, optimizer: optim.adam({ lr }), seed });
  const schedule = optim.schedule.cosine({ epochs });
  const curve: number[] = [];
  for await (const report of trainer.fit(data, { epochs, batchSize, schedule, augment, validation })) {
    curve.push(100 * (report.validation?.accuracy ?? 0));
    await each?.();
  }
  return { trainer, curve };
}

/** A trainer to measure with, of a network that has its weights. */
export const asItIs = (net: nn.Module): Trainer =>
  new Trainer(net, { loss: loss.crossEntropy, optimizer: optim.sgd({ lr: 0 }) });

/** Share of samples that are put into the right class, in percent. */
export async function accuracy(trainer: Trainer, data: Dataset): Promise<number> {
  const { accuracy = 0 } = await trainer.evaluate(data);
  return 100 * accuracy;
}

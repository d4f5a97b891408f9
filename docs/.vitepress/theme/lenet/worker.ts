// The worker of the front page: trains LeNet and tells the page how far it has come.
import { type nn, type StepReport, tensor } from "tidu";
import { fetchDigits } from "./digits.js";
import { trainLenet } from "./lenet.js";
import { EPOCHS, type News, SHOWN } from "./news.js";

const tell = (news: News): void => postMessage(news);

async function train(folder: string): Promise<void> {
  const [train, test] = await Promise.all([fetchDigits(folder, "train"), fetchDigits(folder, "test")]);
  const { x } = test.batch(tensor(Int32Array.from({ length: SHOWN }, (_, i) => i)));
  const pixels = await x.data();
  const started = performance.now();
  const show = async (net: nn.Module): Promise<void> => {
    const probabilities = (await net.predict(x)).softmax(1);
    const [digits, sure] = [await probabilities.argmax(1).data(), await probabilities.max(1).data()];
    tell({ kind: "digits", pixels, digits: [...digits], sure: [...sure] });
  };
  const onStep = ({ epoch, step, steps = 1, loss }: StepReport): void =>
    tell({ kind: "step", done: (epoch - 1 + step / steps) / EPOCHS, loss });
  for await (const { epoch, net } of trainLenet(train, { validation: test, onStep })) {
    const seconds = (performance.now() - started) / 1000;
    tell({ kind: "epoch", epoch: epoch.epoch, accuracy: epoch.validation?.accuracy ?? Number.NaN, seconds });
    await show(net);
  }
  tell({ kind: "end" });
}

addEventListener("message", ({ data: folder }: MessageEvent<string>) => {
  train(folder).catch((error: unknown) => tell({ kind: "failed", message: String(error) }));
});

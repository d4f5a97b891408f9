// The worker of the front page: trains LeNet and tells the page how far it has come.
import { tensor } from "tidu";
import { fetchDigits } from "./digits.js";
import { net, trainer } from "./lenet.js";
import { EPOCHS, type News, SHOWN } from "./news.js";

const tell = (news: News): void => postMessage(news);

async function train(folder: string): Promise<void> {
  const [train, test] = await Promise.all([fetchDigits(folder, "train"), fetchDigits(folder, "test")]);
  const { x } = test.batch(tensor(Int32Array.from({ length: SHOWN }, (_, i) => i)));
  const pixels = await x.data();
  const started = performance.now();
  const show = async (): Promise<void> => {
    const probabilities = (await net.predict(x)).softmax(1);
    const [digits, sure] = [await probabilities.argmax(1).data(), await probabilities.max(1).data()];
    tell({ kind: "digits", pixels, digits: [...digits], sure: [...sure] });
  };
  const onStep = ({
    epoch,
    step,
    steps = 1,
    loss,
  }: {
    epoch: number;
    step: number;
    steps?: number;
    loss: number;
  }): void => tell({ kind: "step", done: (epoch - 1 + step / steps) / EPOCHS, loss });
  for await (const report of trainer.fit(train, { epochs: EPOCHS, batchSize: 64, validation: test, onStep })) {
    const seconds = (performance.now() - started) / 1000;
    tell({ kind: "epoch", epoch: report.epoch, accuracy: report.validation?.accuracy ?? Number.NaN, seconds });
    await show();
  }
  tell({ kind: "end" });
}

addEventListener("message", ({ data: folder }: MessageEvent<string>) => {
  train(folder).catch((error: unknown) => tell({ kind: "failed", message: String(error) }));
});

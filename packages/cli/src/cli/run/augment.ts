// `--augment`: random changes of images, or none.
import { type Augmentation, parseAugment } from "tidu/augment";

/** Says that there are none, where there would be some. */
const NONE = "none";

/** Reads it; undefined for no changes. */
export const augmentOf = (text: string | undefined): Augmentation | undefined =>
  text === undefined || text === NONE ? undefined : parseAugment(text);

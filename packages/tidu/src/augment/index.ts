// The public names of `tidu/augment`.
export { type Augmentation, type Augmented, compose } from "./augmentation.js";
export { mixup } from "./mixup.js";
export type { ChangeOptions, WarpOptions } from "./options.js";
export { parseAugment } from "./parse.js";
export type { Border } from "./sample.js";
export { brightness, type CutoutOptions, contrast, cutout } from "./values.js";
export { type CropOptions, crop, flip, rotate, scale, shear, shift } from "./warps.js";

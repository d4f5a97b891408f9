// The public names of `@tidu/cli/report`.
export { type CollectOptions, collectReport } from "./collect/collect.js";
export type { Feature } from "./collect/importance.js";
export type * from "./data.js";
export { reportHtml } from "./page/page.js";
export type { Pixels } from "./picture.js";
export { readRun } from "./read.js";
export { TensorBoardWriter } from "./tensorboard/writer.js";
export { writeReport } from "./write.js";

// The parts of a run's data: training, validation and test.
import type { Dataset } from "tidu/data";

/** The parts of data, the most informative about a network first. */
export const PARTS = ["test", "validation", "train"] as const;
export type PartName = (typeof PARTS)[number];

export type Parts = Readonly<Partial<Record<PartName, Dataset>>>;

/** The most informative part. */
export const tellingPart = (parts: Parts): PartName => PARTS.find((name) => parts[name] !== undefined) ?? "train";

import type { Dataset } from "tidu/data";

/** The parts of data, the one that tells most about a network first. */
export const PARTS = ["test", "validation", "train"] as const;
export type PartName = (typeof PARTS)[number];

export type Parts = Readonly<Partial<Record<PartName, Dataset>>>;

/** The part that tells most. */
export const tellingPart = (parts: Parts): PartName => PARTS.find((name) => parts[name] !== undefined) ?? "train";

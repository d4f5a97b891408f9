// Which copy of Tidu made a tensor or a module. A process may load two copies, by a bundler or as two versions. Neither
// knows of the other, so neither can compute with what the other made.

/** The property by which tensors and modules of all copies say which copy made them. */
export const BRAND = Symbol.for("tidu.copy");

/** This copy. */
export const COPY: object = {};

/** Whether a value is a tensor or a module of another copy. */
export const isForeign = (value: object): boolean => BRAND in value && value[BRAND] !== COPY;

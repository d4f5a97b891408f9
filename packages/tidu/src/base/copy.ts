// Which copy of Tidu has made a tensor or a module. A process may load two, by a bundler or by two versions, and they know
// nothing of each other: what one has made is nothing that the other can compute with.

/** Where tensors and modules of all copies say whose they are. */
export const BRAND = Symbol.for("tidu.copy");

/** This copy. */
export const COPY: object = {};

/** Whether a value is a tensor or a module of another copy. */
export const isForeign = (value: object): boolean => BRAND in value && value[BRAND] !== COPY;

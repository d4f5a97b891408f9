// Everything that the library exports.
export * from "tidu";

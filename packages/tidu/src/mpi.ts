// "tidu/mpi": training on many processes. A separate entry, so that programs without it do not load any of it.
export { isLaunched } from "./runtime/mpi/launcher.js";
export { type MpiOptions, mpi, type World } from "./runtime/mpi/world.js";

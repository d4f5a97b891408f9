// "tidu/mpi": training on many processes. Of its own, so that pages and those who do not use it carry none of it.
export { isLaunched } from "./runtime/mpi/launcher.js";
export { type MpiOptions, mpi, type World } from "./runtime/mpi/world.js";

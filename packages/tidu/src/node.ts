// Node's entry of "tidu": the library, with abilities that pages do not have.
import "./nn/inspect.js";
import "./runtime/node/host.js";
import "./tensor/inspect.js";
import "./train/resume.js";
import "./train/shards.js";

export * from "./index.js";

// What Node gets for "tidu": the library, and what it can do that pages cannot.
import "./nn/inspect.js";
import "./runtime/node/host.js";
import "./tensor/inspect.js";
import "./train/resume.js";
import "./train/shards.js";

export * from "./index.js";

import { runAsProcess } from "./program.js";

runAsProcess(process.argv.slice(2));

// The entry of the command `tidu`: runs a command line and exits with its code.
import { runAsProcess } from "./program.js";

runAsProcess(process.argv.slice(2));

// All commands, and the options that they share.
import { Command } from "commander";
import { systemReason } from "tidu/internal";
import { speakCommandLine } from "../sources/speech.js";
import { type Ending, EXIT, endingOf } from "./exit.js";
import { visible } from "./ui/terminal.js";
import { version } from "./version.js";

const ENDING = `
Exit codes:
  0    done
  1    failed: data, a file or training itself is at fault
  2    usage: an option, a name or a path is wrong
  130  stopped by Ctrl-C (143: by SIGTERM, 129: by SIGHUP); tidu resume continues`;

/** Gives the program a command. */
type Add = (program: Command, args: readonly string[]) => void;

/** Each command is loaded when it is needed: not all of them need all of the library. */
const commands: Readonly<Record<string, () => Promise<Add>>> = {
  train: async () => (await import("./commands/train.js")).addTrain,
  tune: async () => (await import("./commands/tune.js")).addTune,
  resume: async () => (await import("./commands/resume.js")).addResume,
  eval: async () => (await import("./commands/eval.js")).addEval,
  predict: async () => (await import("./commands/predict.js")).addPredict,
  summary: async () => (await import("./commands/summary.js")).addSummary,
  export: async () => (await import("./commands/export.js")).addExport,
  report: async () => (await import("./commands/report.js")).addReport,
  compare: async () => (await import("./commands/compare.js")).addCompare,
  experiment: async () => (await import("./commands/experiment.js")).addExperiment,
  studio: async () => (await import("./commands/studio.js")).addStudio,
  datasets: async () => (await import("./commands/datasets.js")).addDatasets,
};

/** The command that is named; all of them where none is. */
const wanted = (name = ""): (() => Promise<Add>)[] =>
  Object.hasOwn(commands, name) ? [commands[name]] : Object.values(commands);

/** Runs one command line, without the program's name, and tells how it ended. */
export async function run(args: readonly string[]): Promise<Ending> {
  const program = new Command("tidu")
    .description("Train neural networks on your own data, evaluate them and use them.")
    .version(version())
    .exitOverride()
    .configureOutput({ outputError: () => {} })
    .showSuggestionAfterError()
    .addHelpText("after", ENDING);
  for (const load of wanted(args[0])) (await load())(program, args);
  try {
    await program.parseAsync(args, { from: "user" });
    return { code: EXIT.ok };
  } catch (error) {
    return endingOf(error);
  }
}

/** Commands that do more than print. */
const LASTING = ["train", "tune", "resume", "experiment"];

/** Runs one command line as this process: errors take one line, and the exit status says how it ended. */
export function runAsProcess(args: readonly string[]): void {
  speakCommandLine();
  // A reader that has seen enough, such as `head`, closes the pipe. Training goes on all the same.
  const goesOn = LASTING.includes(args[0]);
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    // EIO: the terminal is gone.
    if (error.code !== "EPIPE" && error.code !== "EIO") {
      console.error(`tidu: cannot write to standard output: ${systemReason(error)}`);
      process.exit(EXIT.failure);
    }
    if (!goesOn) process.exit(EXIT.ok);
  });
  run(args).then(({ code, message }) => {
    if (message !== undefined) console.error(visible(`tidu: ${message}`));
    process.exitCode = code;
  });
}

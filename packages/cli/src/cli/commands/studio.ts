// `tidu studio`: serves the playground, the notes and the view of runs.
import type { Command } from "commander";
import { serveStudio } from "../../studio/index.js";
import { Output } from "../output.js";
import { whole } from "../values.js";

const EXAMPLES = `
Examples:
  $ tidu studio --open
  $ tidu studio --runs runs --port 4000`;

interface Options {
  readonly runs: string;
  readonly host: string;
  readonly port: number;
  readonly open?: true;
  readonly json?: true;
}

/** tidu studio: pages to build networks, watch them learn, and follow runs. */
export function addStudio(program: Command): void {
  program
    .command("studio")
    .summary("serve the studio: build networks, watch them learn, follow runs")
    .description("Serve the studio to a browser on this machine until Ctrl-C: the playground, the notes, and runs.")
    .option("--runs <dir>", "folder of the runs", "runs")
    .option("--host <name>", "bind address; anything but localhost exposes the studio to your network", "127.0.0.1")
    .option("--port <number>", "port; 0 takes any free one", whole(0, 65_535), 0)
    .option("--open", "open the studio in the browser")
    .option("--json", "JSON, for scripts")
    .addHelpText("after", EXAMPLES)
    .action(async ({ open, json, ...options }: Options) => {
      const output = new Output(process.stdout, json);
      const { address } = await serveStudio(options);
      output.event({ address });
      output.say(`The studio is at ${address} (Ctrl-C ends it)`);
      if (open) await (await import("open")).default(address);
    });
}

// Tidu as a measured system: its last argument is the job, as JSON.
const job = JSON.parse(/** @type {string} */ (process.argv.at(-1)));
// Imported only when needed, because the time to start is measured, too.
/** @type {Record<string, () => Promise<void>>} */
const tasks = {
  idle: async () => (await import("./steps.mjs")).idle(),
  steps: async () => (await import("./steps.mjs")).steps(job),
  matmul: async () => (await import("./matmul.mjs")).matmul(job),
  start: async () => (await import("./start.mjs")).start(job),
  plan: async () => (await import("./programs.mjs")).plan(job),
  profile: async () => (await import("./programs.mjs")).profile(job),
};
await tasks[job.task]();

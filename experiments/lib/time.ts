/** What takes how long: rounds in turn, so that a machine that is busy for a while slows all of them alike. */
export async function timesInTurn<K extends string>(
  tasks: Readonly<Record<K, () => Promise<unknown>>>,
  { rounds, milliseconds }: { readonly rounds: number; readonly milliseconds: number },
): Promise<Record<K, number[]>> {
  const names = Object.keys(tasks) as K[];
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<K, number[]>;
  // The first calls compile, and let the engine make fast code.
  for (const name of names) await repeated(tasks[name], milliseconds);
  for (let round = 0; round < rounds; round++) {
    for (const name of names) times[name].push(await repeated(tasks[name], milliseconds));
  }
  return times;
}

/** Calls whose median is not that of the one in which the machine did something else. */
const FEWEST = 5;

/** Median microseconds of a call, of as many as there is time for. */
async function repeated(task: () => Promise<unknown>, milliseconds: number): Promise<number> {
  const times: number[] = [];
  const end = performance.now() + milliseconds;
  for (let start = performance.now(); start < end || times.length < FEWEST; start = performance.now()) {
    await task();
    times.push(performance.now() - start);
  }
  return 1000 * times.sort((a, b) => a - b)[times.length >> 1];
}

/**
 * Runs `body` for 0…count - 1, at most `limit` at a time, begun in order. After a failure nothing more is begun, and
 * the failure with the lowest number is thrown: the same one however long each takes.
 */
export async function forEachBounded(count: number, limit: number, body: (index: number) => Promise<void>) {
  const failures: [index: number, error: unknown][] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count && failures.length === 0) {
      const index = next++;
      await body(index).catch((error: unknown) => failures.push([index, error]));
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, count) }, worker));
  if (failures.length > 0) throw failures.sort(([a], [b]) => a - b)[0][1];
}

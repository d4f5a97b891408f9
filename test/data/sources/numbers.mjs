// A source for `workerSource` in tests. It counts what it has read in shared memory, and can end in several ways.
/** @param {number} epoch @param {{ count: number, read?: Int32Array, ending?: "throw" | "exit" }} data */
export default async function* numbers(epoch, { count, read, ending }) {
  const all = Float32Array.from({ length: 2 * count }, (_, i) => i);
  for (let i = 0; i < count; i++) {
    if (read) Atomics.add(read, 0, 1);
    if (read) Atomics.notify(read, 0);
    // A small part of a large buffer.
    yield { input: all.subarray(2 * i, 2 * i + 2), target: (i + epoch) % 3 };
  }
  if (ending === "throw") throw new Error("no more tape");
  if (ending === "exit") process.exit(0);
}

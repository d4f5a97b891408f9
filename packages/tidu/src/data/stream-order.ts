import { below } from "./words.js";

/**
 * The same items in random order, with at most `size` of them in memory: each new one takes the place of a random one,
 * which is passed on.
 */
export async function* shuffled<T>(
  items: AsyncIterable<T>,
  size: number,
  nextWord: () => number,
): AsyncGenerator<T, void, void> {
  const held: T[] = [];
  for await (const item of items) {
    if (held.length < size) {
      held.push(item);
      continue;
    }
    const at = below(size, nextWord);
    const chosen = held[at];
    held[at] = item;
    yield chosen;
  }
  while (held.length > 0) {
    const at = below(held.length, nextWord);
    const chosen = held[at];
    held[at] = held[held.length - 1];
    held.pop();
    yield chosen;
  }
}

/** The same items, up to `count` of which are requested before they are needed. */
export async function* ahead<T>(items: AsyncGenerator<T>, count: number): AsyncGenerator<T, void, void> {
  const coming: Promise<IteratorResult<T>>[] = [];
  try {
    for (;;) {
      while (coming.length <= count) coming.push(quietly(items.next()));
      const next = await (coming.shift() as Promise<IteratorResult<T>>);
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    await items.return(undefined);
  }
}

/** A promise whose rejection may be handled later or never. */
function quietly<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}

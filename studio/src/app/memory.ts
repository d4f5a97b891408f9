// The reader's choices, stored by the browser. If storage is forbidden, they last as long as the page.

const PREFIX = "tidu.";

export function recall(name: string): string | undefined {
  try {
    return globalThis.localStorage?.getItem(PREFIX + name) ?? undefined;
  } catch {
    return undefined;
  }
}

export function remember(name: string, value: string): void {
  try {
    globalThis.localStorage?.setItem(PREFIX + name, value);
  } catch {
    // As good as it gets.
  }
}

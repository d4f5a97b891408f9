// Turns of the event loop. Code after a resolved promise runs before timers, input and messages, so a loop that only
// awaits computations would keep all of them waiting. Therefore awaited calls of the engine now and then wait for a
// turn.

/** Milliseconds of work between two turns: seldom enough to cost nothing, often enough for a page to feel alive. */
const EVERY = 20;

/** Read once at the start, since tests of applications replace the clocks by fake ones. */
const { setImmediate, MessageChannel, setTimeout } = globalThis;

/** Resolves once timers, events and messages that are due have had their turn. */
export const turn = (): Promise<void> =>
  new Promise((done) => {
    if (setImmediate !== undefined) return void setImmediate(done);
    // jsdom, in which many applications are tested, has neither.
    if (MessageChannel === undefined) return void setTimeout(done);
    // Browsers delay nested timers, but not messages.
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      done();
    };
    port2.postMessage(0);
  });

let last = performance.now();
let pending: Promise<void> | undefined;

/** A turn to wait for once 20 ms have passed since the last one, else undefined. */
export function pause(): Promise<void> | undefined {
  if (performance.now() - last < EVERY) return undefined;
  pending ??= turn().then(() => {
    last = performance.now();
    pending = undefined;
  });
  return pending;
}

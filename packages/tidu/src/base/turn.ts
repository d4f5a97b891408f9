// Turns of the event loop. A promise that is resolved goes on before timers, input and messages are looked at: a loop
// that only awaits computations would keep all of them waiting. So awaited calls of the engine take a turn in between.

/** Milliseconds of work between two turns: seldom enough to cost nothing, often enough for a page to feel alive. */
const EVERY = 20;

/** Taken at first, since tests of applications put others of their own in the places of clocks. */
const { setImmediate, MessageChannel, setTimeout } = globalThis;

/** Resolves once timers, events and messages that are due have had their turn. */
export const turn = (): Promise<void> =>
  new Promise((done) => {
    if (setImmediate !== undefined) return void setImmediate(done);
    // jsdom, in which people's tests run, has neither.
    if (MessageChannel === undefined) return void setTimeout(done);
    // Browsers hold back timers that are nested, but no messages.
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      done();
    };
    port2.postMessage(0);
  });

let last = performance.now();
let pending: Promise<void> | undefined;

/** After every 20 ms a turn to wait for, else nothing. */
export function pause(): Promise<void> | undefined {
  if (performance.now() - last < EVERY) return undefined;
  pending ??= turn().then(() => {
    last = performance.now();
    pending = undefined;
  });
  return pending;
}

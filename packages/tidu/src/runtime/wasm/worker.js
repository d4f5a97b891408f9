// A thread of the engine. It waits for a number in shared memory to change, runs its part of the program that the
// change announced, and waits again. Nothing but its first message comes as a message: a thread that sleeps on shared
// memory hears of no other. Plain JavaScript, so that the same file runs from source, from the build and from bundles.

/**
 * What a thread is told when it starts.
 *
 * @typedef {object} Start
 * @property {WebAssembly.Memory} memory shared by all threads
 * @property {number} control address of the control block
 * @property {Record<"step" | "program" | "table" | "threads" | "ready" | "code" | "codeBytes" | "forget" | "failed" | "text", number>} word
 *   places in the control block, in words
 * @property {number} textBytes room for the text of an error
 * @property {number} thread this thread's number, from 1 on
 * @property {WebAssembly.Module} barrier its `run(block, threads)` meets the other threads
 * @property {number} block address of the block through which threads meet
 * @property {number} patience address of a word: how often a thread that waits for another looks before it sleeps
 */

/** @param {Start} start */
function serve({ memory, control, word, textBytes, thread, barrier, block, patience }) {
  const words = new Int32Array(memory.buffer, control, word.text);
  const spins = new Int32Array(memory.buffer, patience, 1);
  /** @type {Map<number, (table: number, thread: number, threads: number) => void>} */
  const programs = new Map();

  /** @param {WebAssembly.Module} module @returns {any} */
  const instantiate = (module) => new WebAssembly.Instance(module, { env: { memory, look() {} } }).exports.run;

  const meet = instantiate(barrier);

  /** Makes a program of the code that the control block points to. */
  const learn = () => {
    programs.delete(words[word.forget]);
    // Makes `buffer` as long as the memory, which another thread may have grown.
    memory.grow(0);
    const code = new Uint8Array(memory.buffer, words[word.code] >>> 0, words[word.codeBytes]);
    return instantiate(new WebAssembly.Module(code.slice()));
  };

  const run = () => {
    const id = words[word.program];
    if (!programs.has(id)) programs.set(id, learn());
    programs.get(id)?.(words[word.table], thread, words[word.threads]);
  };

  /** Says why it failed, then goes to every meeting, so that nobody waits for it in vain, until it is ended. */
  const fail = (/** @type {unknown} */ error) => {
    const text = new TextEncoder().encode(String(error)).subarray(0, textBytes);
    new Uint8Array(memory.buffer, control + 4 * word.text, textBytes).fill(0).set(text);
    Atomics.store(words, word.failed, thread);
    for (;;) meet(block, words[word.threads]);
  };

  let step = Atomics.load(words, word.step);
  Atomics.add(words, word.ready, 1);
  for (;;) {
    for (let i = spins[0] >> 3; i > 0 && Atomics.load(words, word.step) === step; i--);
    Atomics.wait(words, word.step, step);
    if (Atomics.load(words, word.step) === step) continue;
    step = Atomics.load(words, word.step);
    try {
      run();
    } catch (error) {
      fail(error);
    }
  }
}

addEventListener("message", ({ data }) => serve(data), { once: true });

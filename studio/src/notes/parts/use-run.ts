// Something that goes on step by step in a figure, by hand or by itself.
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { wantsLessMotion } from "../../app/theme.js";

interface RunOptions<S, R> {
  /** Makes what goes on step by step. */
  readonly make: () => S;
  /** What there is to be shown before the first step. */
  readonly look: (own: S) => Promise<R>;
  /** Goes one step on. */
  readonly step: (own: S, before: R) => Promise<R>;
  /** Milliseconds between the steps of playing; default as fast as the page is drawn. */
  readonly pause?: number;
}

export interface Run<S, R> {
  readonly own: S;
  /** What is to be shown; absent until it has been computed for the first time. */
  readonly result: R | undefined;
  readonly playing: boolean;
  readonly setPlaying: (playing: boolean) => void;
  readonly step: () => void;
  readonly reset: () => void;
}

/** Readers who want less movement see every step for this long, in milliseconds. */
const CALM = 1000;

const rest = (milliseconds: number): Promise<void> =>
  new Promise((done) => {
    if (milliseconds === 0) requestAnimationFrame(() => done());
    else setTimeout(done, milliseconds);
  });

/** Something that goes on step by step, by hand or by itself, and begins again when one of its inputs changes. */
export function useRun<S, R>(options: RunOptions<S, R>, inputs: readonly unknown[]): Run<S, R> {
  const [beginning, setBeginning] = useState(0);
  const [playing, setPlaying] = useState(false);
  const [shown, setShown] = useState<R>();
  const run = useMemo(() => new Steps(options, setShown), [...inputs, beginning]);
  const latest = useRef(run);
  latest.current = run;
  useEffect(() => {
    run.begin();
    return () => run.end();
  }, [run]);
  useEffect(() => {
    if (!playing) return;
    let going = true;
    const pause = wantsLessMotion() ? CALM : (options.pause ?? 0);
    const play = async () => {
      while (going) {
        await latest.current.step();
        await rest(pause);
      }
    };
    void play();
    return () => {
      going = false;
    };
  }, [playing, options.pause]);
  const reset = () => {
    setPlaying(false);
    setBeginning(beginning + 1);
  };
  return { own: run.own, result: shown, playing, setPlaying, step: () => void run.step(), reset };
}

/** One run: its steps wait for each other, and what it computes after its end is not shown. */
class Steps<S, R> {
  readonly own: S;
  readonly #options: RunOptions<S, R>;
  readonly #show: (result: R) => void;
  #last: Promise<R> | undefined;
  #ended = false;

  constructor(options: RunOptions<S, R>, show: (value: () => R) => void) {
    this.#options = options;
    this.#show = (result) => show(() => result);
    this.own = options.make();
  }

  begin(): void {
    this.#ended = false;
    this.#last ??= this.#shown(this.#options.look(this.own));
  }

  async step(): Promise<void> {
    this.begin();
    const before = this.#last as Promise<R>;
    this.#last = this.#shown(before.then((result) => this.#options.step(this.own, result)));
    await this.#last;
  }

  async #shown(computing: Promise<R>): Promise<R> {
    const result = await computing;
    if (!this.#ended) this.#show(result);
    return result;
  }

  end(): void {
    this.#ended = true;
  }
}

// The button below an answer that runs its experiment here, for one seed.

import { useSignal } from "@preact/signals";
import type { Result } from "@tidu/cli/experiment";
import { useEffect } from "preact/hooks";
import { t } from "../../i18n/words.js";
import { Button } from "../../ui/button.js";
import { Choice } from "../../ui/choice.js";
import { formatFixed } from "../../ui/format.js";
import w from "./here.words.js";
import { SEEDS } from "./packs.js";
import { type State, sameAsStored, type Trials } from "./trial.js";

/** Runs an experiment for one seed on the reader's machine; what comes out is drawn among the stored values. */
export function Here({ of, trials }: { readonly of: Result; readonly trials: Trials }) {
  const seed = useSignal<number>(SEEDS[0]);
  useEffect(() => () => trials.stop(), [trials]);
  const state = trials.state.value;
  return (
    <div class="here">
      <Choice
        label={t(w.seed)}
        value={String(seed.value)}
        disabled={state.type === "running"}
        options={SEEDS.map((one) => ({
          value: String(one),
          text: t(of.seeds.includes(one) ? w.stored : w.fresh, one),
        }))}
        onChange={(value) => (seed.value = Number(value))}
      />
      {state.type === "running" ? (
        <Button onClick={() => trials.stop()}>{t(w.stop)}</Button>
      ) : (
        <Button onClick={() => trials.run(of, seed.value)}>{t(w.run)}</Button>
      )}
      <p class={state.type === "failed" ? "error" : "quiet"} role="status">
        {said(of, state)}
      </p>
    </div>
  );
}

function said(of: Result, state: State): string {
  if (state.type === "idle") return t(w.hint, of.date, of.seeds.length);
  if (state.type === "running") return t(w.running, state.seconds);
  if (state.type === "failed") return t(w[state.code], state.message);
  const { seconds, threads, seed } = state.own;
  const same = sameAsStored(of, state.own);
  const outcome = same === undefined ? t(w.added, seed) : t(w.compared, ...same);
  return `${t(w.done, seed, formatFixed(seconds, seconds < 10 ? 1 : 0), threads)} ${outcome}`;
}

import { signal } from "@preact/signals";
import { DATA, INPUTS, LIMITS, LOSSES, OPTIMIZERS, startFor } from "../engine/settings.js";
import { t } from "../i18n/words.js";
import { Button } from "../ui/button.js";
import { Choice } from "../ui/choice.js";
import { NumberField } from "../ui/number-field.js";
import { Slider } from "../ui/slider.js";
import w from "./playground.words.js";
import {
  change,
  failure,
  fits,
  isDigits,
  pause,
  play,
  position,
  restart,
  restore,
  running,
  saved,
  setPace,
  settings,
  stepOnce,
  stepsPerEpoch,
  threads,
} from "./state.js";

const PACES = { fast: 0, watch: 200, slow: 1000 } as const;
const PACE_NAMES = ["fast", "watch", "slow"] as const;
const pace = signal<keyof typeof PACES>("fast");

/** Play, pause and the like, and where training stands. */
export function Controls() {
  const { epoch, step } = position.value;
  const before = saved.value.filter((e) => e < epoch || (e === epoch && step > 0)).at(-1);
  return (
    <section class="panel" aria-label={t(w.controls)}>
      <div class="controls">
        {running.value ? (
          <Button kind="main" onClick={pause}>
            {t(w.pause)}
          </Button>
        ) : (
          <Button kind="main" onClick={play} disabled={!fits.value}>
            {t(w.play)}
          </Button>
        )}
        <Button onClick={stepOnce} disabled={!fits.value || running.value}>
          {t(w.step)}
        </Button>
        <Button onClick={() => before !== undefined && restore(before)} disabled={before === undefined}>
          {t(w.back)}
        </Button>
        <Button onClick={restart}>{t(w.reset)}</Button>
        <NumberField
          label={t(w.seed)}
          value={settings.value.seed}
          min={0}
          max={LIMITS.seed.most}
          onChange={(seed) => change({ seed })}
        />
        <Choice
          label={t(w.pace)}
          value={pace.value}
          options={PACE_NAMES.map((value) => ({ value, text: t(w[value]) }))}
          onChange={(value) => {
            pace.value = value;
            setPace(PACES[value]);
          }}
        />
        {saved.value.length > 1 && <SavedEpochs />}
      </div>
      <p class="quiet" id="position">
        {t(w.position, epoch, step, stepsPerEpoch.value)}
        {threads.value !== undefined && ` · ${t(w.threads, threads.value)}`}
      </p>
      <p class="error" role="alert" lang="en">
        {failure.value}
      </p>
    </section>
  );
}

/** A slider over the epochs that can be gone back to. */
function SavedEpochs() {
  const all = saved.value;
  const at = Math.max(
    0,
    all.findLastIndex((epoch) => epoch <= position.value.epoch),
  );
  return (
    <Slider
      label={t(w.savedEpochs)}
      min={0}
      max={all.length - 1}
      step={1}
      value={at}
      text={t(w.epochOf, all[at])}
      onInput={(i) => restore(all[i])}
    />
  );
}

/** Data, loss, optimiser and the numbers that go with them. */
export function Recipe() {
  const now = settings.value;
  const number = (name: "noise" | "lr" | "batch" | "l1" | "l2", label: string) => (
    <NumberField
      label={label}
      value={now[name]}
      min={LIMITS[name].least}
      max={LIMITS[name].most}
      step={name === "batch" ? 1 : "any"}
      onChange={(value) => change({ [name]: value })}
    />
  );
  const choice = <N extends "data" | "input" | "loss" | "optimizer">(
    name: N,
    all: readonly (typeof now)[N][],
    onChange: (value: (typeof now)[N]) => void,
  ) => (
    <Choice
      label={t(w[name])}
      value={now[name]}
      options={all.map((value) => ({ value, text: t(w[value]) }))}
      onChange={onChange}
    />
  );
  return (
    <section class="panel" aria-label={t(w.data)}>
      <div class="controls">
        {choice("data", DATA, (data) => {
          settings.value = { ...startFor(data), seed: now.seed };
        })}
        {!isDigits.value && number("noise", t(w.noise))}
        {choice("input", INPUTS, (input) => change({ input }))}
        {choice("loss", LOSSES, (loss) => change({ loss }))}
        {choice("optimizer", OPTIMIZERS, (optimizer) => change({ optimizer }))}
        {number("lr", t(w.lr))}
        {number("batch", t(w.batch))}
        {number("l1", t(w.penaltyL1))}
        {number("l2", t(w.penaltyL2))}
      </div>
    </section>
  );
}

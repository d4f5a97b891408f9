import { signal } from "@preact/signals";
import { LIMITS } from "../engine/settings.js";
import { t } from "../i18n/words.js";
import { Button } from "../ui/button.js";
import { Dial } from "../ui/dial.js";
import { formatNumber } from "../ui/format.js";
import { isPhone } from "../ui/screen.js";
import { Slider } from "../ui/slider.js";
import { galleryOpen } from "./gallery.js";
import w from "./playground.words.js";
import {
  change,
  fits,
  future,
  on,
  pageTrouble,
  past,
  pause,
  play,
  position,
  redo,
  restart,
  restore,
  run,
  running,
  setPace,
  settings,
  stepOnce,
  undo,
} from "./state.js";
import { said } from "./trouble.js";

/** Epochs per second that the pace slider goes through; the last is as fast as it goes. */
const PACES = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, Number.POSITIVE_INFINITY];
const pace = signal(PACES.length - 1);
const copied = signal(false);

/** Play, pause and the like, and where training stands. They never scroll away. */
export function Controls() {
  const { epoch, step } = position.value;
  const now = step > 0 ? epoch : epoch - 1;
  return (
    <section class="play" aria-label={t(w.controls)}>
      <div class="play-buttons">
        {running.value ? (
          <Button kind="main" icon="pause" onClick={pause}>
            <span class="wide">{t(w.pause)}</span>
          </Button>
        ) : (
          <Button kind="main" icon="play" onClick={play} disabled={!fits.value}>
            <span class="wide">{t(w.play)}</span>
          </Button>
        )}
        <Button icon="step" label={t(w.step)} onClick={stepOnce} disabled={!fits.value || running.value} />
        <Button icon="back" label={t(w.back)} onClick={() => restore(now)} disabled={now < 0} />
        <Button icon="reset" label={t(w.reset)} onClick={restart} />
        <span class="apart" />
        <Button icon="undo" label={t(w.undo)} onClick={undo} disabled={past.value.length === 0} />
        <Button icon="redo" label={t(w.redo)} onClick={redo} disabled={future.value.length === 0} />
      </div>
      <Standing />
      {!isPhone.value && <More />}
      <Trouble />
    </section>
  );
}

/** Pace, examples and the link: in the bar, or on a phone, whose bar has no room for them, further below. */
export const More = () => (
  <div class="play-more">
    <Pace />
    <Button icon="gallery" onClick={() => (galleryOpen.value = true)}>
      {t(w.gallery)}
    </Button>
    <Button icon="link" onClick={() => void copyLink()}>
      {t(w.copyLink)}
    </Button>
    <span class="copied quiet" role="status">
      {copied.value && t(w.copied)}
    </span>
  </div>
);

/** What went wrong, in the reader's language. */
function Trouble() {
  const trouble = pageTrouble.value ?? run.value.trouble.value;
  return (
    <p class="error trouble" role="alert">
      {trouble && said(trouble)}
    </p>
  );
}

/** The epoch in large, to be gone back and forth by its slider, and the last losses. */
function Standing() {
  const { epoch, step } = position.value;
  const { last, furthest, steps } = run.value;
  return (
    <div class="standing">
      <span class="standing-epoch">
        <b>{epoch}</b> <span class="quiet">{t(w.epochShort, epoch)}</span>
      </span>
      <Where />
      <span id="position" class="visually-hidden">
        {t(w.position, epoch, step, steps.value)}
      </span>
      {furthest.value === 0 ? (
        <span class="scrub" />
      ) : (
        <input
          class="scrub"
          type="range"
          aria-label={t(w.goTo)}
          aria-valuetext={t(w.epochOf, epoch)}
          min={0}
          max={furthest.value}
          step={1}
          value={epoch}
          onInput={(event) => restore(event.currentTarget.valueAsNumber)}
        />
      )}
      <span class="standing-loss">
        {last.value && <span class="training">{formatNumber(last.value.loss)}</span>}
        {last.value && <span class="testing">{formatNumber(last.value.test.loss)}</span>}
      </span>
    </div>
  );
}

/** What it trains on. */
function Where() {
  const where = on.value;
  if (where === undefined) return null;
  const [text, title] =
    where.kind === "wasm"
      ? [t(w.threads, where.threads), t(w.threadsOf, where.threads, navigator.hardwareConcurrency)]
      : [t(w.webgpu), where.name];
  return (
    <span class="quiet standing-threads" title={title}>
      {text}
    </span>
  );
}

function Pace() {
  const text = (i: number) => (i === PACES.length - 1 ? t(w.paceFree) : t(w.paceOf, String(PACES[i])));
  return (
    <Slider
      label={t(w.pace)}
      min={0}
      max={PACES.length - 1}
      step={1}
      value={pace.value}
      text={text(pace.value)}
      onInput={(i) => {
        pace.value = i;
        setPace(PACES[i]);
      }}
    />
  );
}

export const Seed = () => (
  <Dial
    label={t(w.seed)}
    value={settings.value.seed}
    scale={LIMITS.seed}
    onChange={(seed) => change({ seed: Math.round(seed) })}
  />
);

async function copyLink(): Promise<void> {
  pageTrouble.value = undefined;
  try {
    await navigator.clipboard.writeText(location.href);
    copied.value = true;
    setTimeout(() => {
      copied.value = false;
    }, 3000);
  } catch {
    pageTrouble.value = { code: "copy" };
  }
}

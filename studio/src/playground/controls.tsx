// The bar of controls: play, pause, seed and pace.
import { signal } from "@preact/signals";
import { LIMITS } from "../engine/settings.js";
import { t } from "../i18n/words.js";
import { Button } from "../ui/button.js";
import { Dial } from "../ui/dial.js";
import { formatCount, formatNumber } from "../ui/format.js";
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
/** Few enough at first that a network is seen to learn: at full speed points are learned before the first look. */
const pace = signal(PACES.indexOf(20));
setPace(PACES[pace.value]);
/** What the link that was just copied is of: once any of it is another, the link is of something else. */
const copied = signal<readonly unknown[] | undefined>(undefined);
const SHORTLY = 3000;
let forgetting: ReturnType<typeof setTimeout> | undefined;

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
      {isCopied() && copiedText()}
    </span>
  </div>
);

/** What went wrong, in the reader's language. */
function Trouble() {
  const trouble = pageTrouble.value ?? run.value.trouble.value;
  // That a file is still to be opened is no fault.
  const kind = trouble?.code === "ownMissing" ? "missing" : "error";
  return (
    <p class={`trouble ${kind}`} role="alert">
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
        <b>{formatCount(epoch)}</b> <span class="quiet">{t(w.epochShort, epoch)}</span>
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
        {last.value && <LastLoss kind="training" name={t(w.trainLoss)} value={last.value.loss} />}
        {last.value && <LastLoss kind="testing" name={t(w.testLoss)} value={last.value.test.loss} />}
      </span>
    </div>
  );
}

interface LastLossProps {
  readonly kind: "training" | "testing";
  readonly name: string;
  readonly value: number;
}

/** The last loss, with what it is of: two numbers alone say nothing. */
const LastLoss = ({ kind, name, value }: LastLossProps) => (
  <span class={kind} title={t(w.lossShort)}>
    {name} <b>{formatNumber(value)}</b>
  </span>
);

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
  const text = (i: number) => (i === PACES.length - 1 ? t(w.paceFree) : t(w.paceOf, formatNumber(PACES[i])));
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
  <Dial label={t(w.seed)} value={settings.value.seed} scale={LIMITS.seed} onChange={(seed) => change({ seed })} />
);

/** What a link is of. */
const linked = (): readonly unknown[] => [run.value, run.value.changes.value, run.value.loaded.value];
const isCopied = (): boolean => linked().every((part, i) => part === copied.value?.[i]);

/** What the link is, and what it lacks. */
function copiedText(): string {
  const weights = run.value.loaded.value !== undefined;
  const { data } = settings.value;
  if (data === "table" || data === "pictures") return t(w.copiedOwn, t(weights ? w.lacksBoth : w.lacksData));
  return weights ? t(w.copiedWithout, t(w.lacksWeights)) : t(w.copied);
}

async function copyLink(): Promise<void> {
  pageTrouble.value = undefined;
  try {
    await navigator.clipboard.writeText(location.href);
    copied.value = linked();
    clearTimeout(forgetting);
    forgetting = setTimeout(() => {
      copied.value = undefined;
    }, SHORTLY);
  } catch {
    pageTrouble.value = { code: "copy" };
  }
}

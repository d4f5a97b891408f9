// Data and training settings of the playground.
import {
  DEVICES,
  FEATURES,
  INPUTS,
  isPointSet,
  LIMITS,
  LOSSES,
  NUMBER_LOSSES,
  OPTIMIZERS,
  POINT_SETS,
} from "../engine/settings.js";
import { t } from "../i18n/words.js";
import { Choice } from "../ui/choice.js";
import { Dial } from "../ui/dial.js";
import { Icon } from "../ui/icon.js";
import { Slider } from "../ui/slider.js";
import { nextStop } from "../ui/steps.js";
import { Seed } from "./controls.js";
import { featureName } from "./network/column.js";
import { Own } from "./own.js";
import w from "./playground.words.js";
import { change, changeData, isRegression, on, run, settings } from "./state.js";
import { Thumb } from "./thumb.js";

const DATA_WORDS = {
  circle: w.circle,
  xor: w.xor,
  gauss: w.gauss,
  spiral: w.spiral,
  slope: w.slopeData,
  hills: w.hills,
  digits: w.digits,
  table: w.table,
  pictures: w.pictures,
} as const;

/** Data, what the network is given of them, and how it learns. */
export const Setup = () => (
  <section class="setup" aria-label={t(w.setup)}>
    <Data />
    <Recipe />
  </section>
);

function Data() {
  const now = settings.value;
  const points = isPointSet(now.data);
  return (
    <div class="panel">
      <h2>{t(w.data)}</h2>
      <fieldset class="thumbs" aria-label={t(w.data)}>
        {[...POINT_SETS, "digits" as const].map((name) => (
          <button
            key={name}
            type="button"
            class="thumb"
            aria-pressed={now.data === name}
            aria-label={t(DATA_WORDS[name])}
            title={t(DATA_WORDS[name])}
            onClick={() => changeData(name)}
          >
            {name === "digits" ? <Icon name="seven" /> : <Thumb name={name} />}
          </button>
        ))}
        <OwnThumb name="table" icon="file" />
        <OwnThumb name="pictures" icon="camera" />
      </fieldset>
      <p class="quiet">{t(DATA_WORDS[now.data])}</p>
      {(now.data === "table" || now.data === "pictures") && <Own />}
      <div class="rows">
        {points && (
          <Slider
            label={t(w.noise)}
            min={LIMITS.noise.least}
            max={LIMITS.noise.most}
            step={LIMITS.noise.step}
            value={now.noise}
            onInput={(noise) => change({ noise })}
          />
        )}
        {now.data !== "digits" && (
          <Slider
            label={t(w.share)}
            min={LIMITS.share.least}
            max={LIMITS.share.most}
            step={LIMITS.share.step}
            value={now.share}
            onInput={(share) => change({ share })}
          />
        )}
        <Batch />
      </div>
      {points && now.input === "numbers" && <Given />}
    </div>
  );
}

/** The batch size goes along 1, 2, 5, 10, … */
function Batch() {
  const stops: number[] = [];
  for (let stop: number = LIMITS.batch.least; ; stop = nextStop(stop, 1, LIMITS.batch)) {
    stops.push(stop);
    if (stop >= LIMITS.batch.most) break;
  }
  const { batch } = settings.value;
  const at = stops.findLastIndex((stop) => stop <= batch);
  return (
    <Slider
      label={t(w.batch)}
      min={0}
      max={stops.length - 1}
      step={1}
      value={at}
      text={String(batch)}
      onInput={(i) => change({ batch: stops[i] })}
    />
  );
}

const OwnThumb = ({ name, icon }: { readonly name: "table" | "pictures"; readonly icon: "file" | "camera" }) => (
  <button
    type="button"
    class="thumb"
    aria-pressed={settings.value.data === name}
    aria-label={t(DATA_WORDS[name])}
    title={t(DATA_WORDS[name])}
    onClick={() => changeData(name)}
  >
    <Icon name={icon} />
  </button>
);

/** The inputs of a network for each point. */
function Given() {
  const { features } = settings.value;
  return (
    <fieldset class="given" aria-label={t(w.given)}>
      <span class="quiet">{t(w.given)}</span>
      <div class="chips">
        {FEATURES.map((name) => {
          const on = features.includes(name);
          return (
            <button
              key={name}
              type="button"
              class="chip"
              aria-pressed={on}
              aria-label={t(w.feature, featureName(name))}
              disabled={on && features.length === 1}
              onClick={() =>
                change({ features: FEATURES.filter((other) => (other === name ? !on : features.includes(other))) })
              }
            >
              {featureName(name)}
            </button>
          );
        })}
      </div>
    </fieldset>
  );
}

function Recipe() {
  const now = settings.value;
  const number = (name: "lr" | "l1" | "l2", label: string) => (
    <Dial label={label} value={now[name]} scale={LIMITS[name]} onChange={(value) => change({ [name]: value })} />
  );
  const choice = <N extends "input" | "loss" | "optimizer" | "device">(name: N, all: readonly (typeof now)[N][]) => (
    <Choice
      label={t(w[name])}
      value={now[name]}
      options={all.map((value) => ({ value, text: t(w[value]) }))}
      onChange={(value) => change({ [name]: value })}
    />
  );
  return (
    <div class="panel">
      <h2>{t(w.recipe)}</h2>
      <div class="rows">
        {number("lr", t(w.lr))}
        {choice("optimizer", OPTIMIZERS)}
        {choice("loss", isRegression.value ? NUMBER_LOSSES : LOSSES)}
        {number("l1", t(w.penaltyL1))}
        {number("l2", t(w.penaltyL2))}
        {choice("input", INPUTS)}
        <Seed />
        {choice("device", DEVICES)}
      </div>
      <Card />
    </div>
  );
}

/** A time with the two digits that are the same the next time. */
const rough = (milliseconds: number): string => String(Number(milliseconds.toPrecision(2)));

/** Facts about the graphics card, where one is used or was measured. */
function Card() {
  const measured = run.value.measured.value;
  const where = on.value;
  const card = where?.kind === "webgpu" ? where : undefined;
  if (card === undefined && measured === undefined) return null;
  return (
    <p class="quiet" id="card">
      {card && t(w.cardIs, card.name)} {card?.software && t(w.cardIsSoftware)}{" "}
      {measured && t(w.cardMeasured, rough(measured.webgpu), rough(measured.wasm))} {card && t(w.cardBits)}
    </p>
  );
}

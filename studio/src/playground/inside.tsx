// Values and gradients of each layer, and what dropout dropped.
import { colour } from "../app/theme.js";
import type { Histogram, Pictures } from "../engine/protocol.js";
import { inBrackets } from "../i18n/punctuation.js";
import { t } from "../i18n/words.js";
import { formatFigures, formatNumber, formatPercent } from "../ui/format.js";
import { Paint } from "../ui/paint.js";
import { fillFields, rgb } from "../ui/pixels.js";
import { isPhone } from "../ui/screen.js";
import w from "./playground.words.js";
import { run, settings } from "./state.js";

const [WIDTH, PHONE_WIDTH, HEIGHT] = [200, 140, 44];

/** Values and gradients of each layer, and what dropout layers dropped in the last update. */
export function Inside() {
  return (
    <figure class="panel broad" aria-labelledby="inside">
      <h2 id="inside">{t(w.inside)}</h2>
      <ol class="insides">
        {run.value.looks.value.map(({ activations, gradients, mask }, i) => {
          const name = settings.value.layers[i]?.kind ?? "";
          return (
            <li key={i}>
              <strong>
                {i + 1} {name}
              </strong>
              <Bars what={t(w.activations)} layer={`${i + 1} ${name}`} of={activations} tone="--accent" />
              {gradients && <Bars what={t(w.gradients)} layer={`${i + 1} ${name}`} of={gradients} tone="--gradient" />}
              {mask && <Mask layer={`${i + 1} ${name}`} mask={mask} />}
            </li>
          );
        })}
      </ol>
      <figcaption>{t(w.insideCaption)}</figcaption>
    </figure>
  );
}

interface BarsProps {
  readonly what: string;
  readonly layer: string;
  readonly of: Histogram;
  readonly tone: "--accent" | "--gradient";
}

/** A histogram; its bars' heights are logarithmic, or zeros would hide the rest. */
function Bars({ what, layer, of: { low, high, counts, size }, tone }: BarsProps) {
  const paint = (context: CanvasRenderingContext2D, width: number, height: number): void => {
    const most = Math.log1p(Math.max(...counts));
    context.fillStyle = colour(tone);
    counts.forEach((count, i) => {
      const bar = most === 0 ? 0 : (Math.log1p(count) / most) * (height - 2);
      context.fillRect((i * width) / counts.length, height - bar, width / counts.length - 1, bar);
    });
  };
  return (
    <span class={`bars ${tone === "--accent" ? "values" : "gradients"}`}>
      <Paint
        label={t(w.histogramLabel, what, layer, formatNumber(size))}
        width={isPhone.value ? PHONE_WIDTH : WIDTH}
        height={HEIGHT}
        paint={paint}
      />
      <span class="quiet">
        {what} {formatFigures(size, 3)}
        <span class="range">{t(inBrackets, `${formatFigures(low, 3)} … ${formatFigures(high, 3)}`)}</span>
      </span>
    </span>
  );
}

/** Colored fields are kept, empty ones dropped. */
function Mask({ layer, mask }: { readonly layer: string; readonly mask: Pictures }) {
  const { width, height, values } = mask;
  const kept = values.reduce((n, v) => n + (v === 0 ? 0 : 1), 0) / values.length;
  const field = Math.max(3, Math.min(8, Math.floor(240 / width)));
  const paint = (context: CanvasRenderingContext2D, w: number, h: number): void => {
    const [dropped, left] = [rgb(colour("--paper")), rgb(colour("--mask"))];
    fillFields(context, [0, 0, w, h], width, height, (pixels) => {
      for (let i = 0; i < pixels.length; i++) pixels[i] = values[i] === 0 ? dropped : left;
    });
    context.strokeStyle = colour("--line");
    context.strokeRect(0, 0, w, h);
  };
  return (
    <span class="bars mask">
      <Paint
        label={t(w.maskLabel, layer, formatPercent(kept))}
        width={width * field}
        height={height * field}
        paint={paint}
      />
      <span class="quiet">{t(w.mask)}</span>
    </span>
  );
}

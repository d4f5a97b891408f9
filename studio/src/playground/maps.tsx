// Kernels of convolutions, and the feature maps of the digit on the pad.
import { colour } from "../app/theme.js";
import type { Pictures } from "../engine/protocol.js";
import { t } from "../i18n/words.js";
import { Paint } from "../ui/paint.js";
import { diverging, fillTiles, type Place, rgb } from "../ui/pixels.js";
import w from "./playground.words.js";
import { frame, settings } from "./state.js";

const SIZE = 44;
const GAP = 4;

/** The kernels of convolutions, and what each layer makes of the digit on the paper. */
export function Maps() {
  const layers = frame.value?.layers ?? [];
  return (
    <figure class="panel broad" aria-labelledby="maps">
      <h2 id="maps">{t(w.maps)}</h2>
      <ol class="insides">
        {layers.map(({ kernels, responses }, i) => {
          const name = `${i + 1} ${settings.value.layers[i]?.kind ?? ""}`;
          if (kernels === undefined && responses === undefined) return null;
          return (
            <li key={i}>
              <strong>{name}</strong>
              {kernels && <Row layer={name} what={t(w.kernels)} pictures={kernels} />}
              {responses && <Row layer={name} what={t(nameOf(responses))} pictures={responses} />}
            </li>
          );
        })}
      </ol>
    </figure>
  );
}

const nameOf = ({ width, height }: Pictures) => (width * height === 1 ? w.answers : w.featureMaps);

interface RowProps {
  readonly layer: string;
  readonly what: string;
  readonly pictures: Pictures;
}

function Row({ layer, what, pictures: { width, height, count, values } }: RowProps) {
  const paint = (context: CanvasRenderingContext2D): void => {
    const shade = diverging(rgb(colour("--paper")));
    const largest = values.reduce((most, v) => Math.max(most, Math.abs(v)), 1e-9);
    context.strokeStyle = colour("--line");
    const places = Array.from({ length: count }, (_, unit): Place => [unit * (SIZE + GAP), 0, SIZE, SIZE]);
    fillTiles(context, places, width, height, (i) => shade(values[i] / largest));
    for (const place of places) context.strokeRect(...place);
  };
  return (
    <span class="bars">
      <Paint label={t(w.picturesLabel, what, layer, count)} width={count * (SIZE + GAP)} height={SIZE} paint={paint} />
      <span class="quiet">{what}</span>
    </span>
  );
}

// Kernels of convolutions, and the feature maps of the digit on the pad.
import { useRef } from "preact/hooks";
import { colour } from "../app/theme.js";
import type { Pictures } from "../engine/protocol.js";
import { t } from "../i18n/words.js";
import { Paint } from "../ui/paint.js";
import { diverging, fillTiles, type Place, rgb, shade } from "../ui/pixels.js";
import { useSize } from "../ui/use-size.js";
import { largestOf } from "./network/draw.js";
import w from "./playground.words.js";
import { frame, settings } from "./state.js";

/** A picture of so many fields or of one alone, and what is between pictures. */
const SIZE = 44;
const ONE = 16;
const GAP = 4;

/** The kernels of convolutions, and what each layer makes of the digit on the paper. */
export function Maps() {
  const layers = frame.value?.layers ?? [];
  return (
    <figure class="panel broad" aria-labelledby="maps">
      <h2 id="maps">{t(w.maps)}</h2>
      <ol class="insides maps">
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

/** Pictures side by side, in as many lines as they need. */
function Row({ layer, what, pictures: { width, height, count, values } }: RowProps) {
  const host = useRef<HTMLSpanElement>(null);
  const side = width * height === 1 ? ONE : SIZE;
  const across = Math.max(1, Math.min(count, Math.floor((useSize(host).width + GAP) / (side + GAP))));
  const paint = (context: CanvasRenderingContext2D): void => {
    const colours = diverging(rgb(colour("--paper")));
    context.strokeStyle = colour("--line");
    const places = Array.from({ length: count }, (_, unit): Place => {
      const [column, row] = [unit % across, Math.floor(unit / across)];
      return [column * (side + GAP), row * (side + GAP), side, side];
    });
    fillTiles(context, places, width, height, (pixels) => shade(pixels, values, colours, 1 / largestOf(values)));
    for (const place of places) context.strokeRect(...place);
  };
  return (
    <span class="bars" ref={host}>
      <Paint
        label={t(w.picturesLabel, what, layer, count)}
        width={across * (side + GAP)}
        height={Math.ceil(count / across) * (side + GAP)}
        paint={paint}
      />
      <span class="quiet">{what}</span>
    </span>
  );
}

// The figure in which gradient descent walks down a cost surface.
import { useSignal } from "@preact/signals";
import { t } from "../../i18n/words.js";
import { Choice } from "../../ui/choice.js";
import { Figure } from "../../ui/figure.js";
import { Slider } from "../../ui/slider.js";
import { CELLS, Descent, EDGE, type Pair, type Place, SAMPLES } from "../compute/descent.js";
import { Beside } from "../parts/beside.js";
import { Plane } from "../parts/plane.js";
import { Player } from "../parts/player.js";
import { Prose } from "../parts/prose.js";
import { Readings } from "../parts/readings.js";
import { type Scale, scale } from "../parts/scale.js";
import { useRun } from "../parts/use-run.js";
import w from "./descent.words.js";

const TO = scale([-EDGE, EDGE], [-EDGE, EDGE], 400, 400);
/** As much of the way as is drawn. */
const LONGEST = 400;

interface State {
  readonly plane: readonly number[];
  readonly way: readonly Pair[];
  readonly place: Place;
  readonly steps: number;
}

/** Which of the pages the figure is for, and so what can be changed. */
export type Aspect = "descent" | "batches" | "penalty";

const TEXTS = {
  descent: [w.descent, w.descentCaption],
  batches: [w.batches, w.batchesCaption],
  penalty: [w.penalty, w.penaltyCaption],
} as const;

/** Two parameters on their way down. */
export function DescentFigure({ aspect }: { readonly aspect: Aspect }) {
  const [rate, batch, kind, lambda] = [useSignal(0.1), useSignal(2), useSignal<"l1" | "l2">("l1"), useSignal(0.5)];
  const batchSize = aspect === "batches" ? 2 ** batch.value : SAMPLES;
  const strength = aspect === "penalty" ? lambda.value : 0;
  const run = useRun<Descent, State>(
    {
      make: () =>
        new Descent({
          problem: aspect === "penalty" ? "weighing" : "line",
          ...{ rate: rate.value, batchSize, penalty: kind.value, lambda: strength },
        }),
      look: async (descent) => {
        const place = await descent.begin();
        return { plane: await descent.plane(), way: [place.weights], place, steps: 0 };
      },
      step: async (descent, { plane, way, steps }) => {
        const place = await descent.update();
        return { plane, way: [...way, place.weights].slice(-LONGEST), place, steps: steps + 1 };
      },
      pause: 60,
    },
    [rate.value, batchSize, kind.value, strength],
  );
  const [title, caption] = TEXTS[aspect];
  const { plane, way, place, steps = 0 } = run.result ?? {};
  return (
    <Figure
      title={t(title)}
      caption={<Prose text={caption} />}
      controls={
        <>
          <Slider
            label={t(w.rate)}
            value={rate.value}
            min={0.01}
            max={1.2}
            step={0.01}
            onInput={(v) => (rate.value = v)}
          />
          {aspect === "batches" && (
            <Slider
              label={t(w.batch)}
              value={batch.value}
              min={0}
              max={5}
              step={1}
              text={String(batchSize)}
              onInput={(v) => (batch.value = v)}
            />
          )}
          {aspect === "penalty" && (
            <>
              <Choice
                label={t(w.kind)}
                value={kind.value}
                options={(["l1", "l2"] as const).map((value) => ({ value, text: t(w[value]) }))}
                onChange={(v) => (kind.value = v)}
              />
              <Slider
                label={t(w.lambda)}
                value={lambda.value}
                min={0}
                max={3}
                step={0.1}
                onInput={(v) => (lambda.value = v)}
              />
            </>
          )}
          <Player run={run} />
        </>
      }
    >
      <Beside
        drawing={
          <Plane to={TO} label={t(w.plane)}>
            {plane && <Ground to={TO} costs={plane} />}
            {way && (
              <path class="way" d={way.map(([a, b], i) => `${i === 0 ? "M" : "L"}${TO.x(a)} ${TO.y(b)}`).join("")} />
            )}
            {place && <circle class="dot" cx={TO.x(place.weights[0])} cy={TO.y(place.weights[1])} r={6} />}
          </Plane>
        }
      >
        <Readings
          of={[
            { name: "steps", label: t(w.steps), value: steps },
            { name: "samples", label: t(w.samples), value: steps * batchSize },
            { name: "cost", label: t(w.cost), value: place?.cost },
            { name: "first", label: t(w.first), value: place?.weights[0] },
            { name: "second", label: t(w.second), value: place?.weights[1] },
          ]}
        />
      </Beside>
    </Figure>
  );
}

/** The cost as bands of equal cost, each a root higher than the last so that the bottom is seen well. */
function Ground({ to, costs }: { readonly to: Scale; readonly costs: readonly number[] }) {
  const [low, high] = [Math.min(...costs), Math.max(...costs)];
  const side = to.x(EDGE) - to.x(-EDGE);
  const cell = side / CELLS;
  return (
    <g shape-rendering="crispEdges">
      {costs.map((cost, i) => (
        <rect
          key={`${i}`}
          class="ground"
          x={to.x(-EDGE) + (i % CELLS) * cell}
          y={to.y(EDGE) + Math.floor(i / CELLS) * ((to.y(-EDGE) - to.y(EDGE)) / CELLS)}
          width={cell}
          height={(to.y(-EDGE) - to.y(EDGE)) / CELLS}
          fill-opacity={(Math.round(14 * Math.sqrt((cost - low) / (high - low || 1))) / 14) * 0.85}
        />
      ))}
    </g>
  );
}

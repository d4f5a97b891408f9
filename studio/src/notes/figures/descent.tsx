// The figure in which gradient descent walks down a cost surface.
import { useSignal } from "@preact/signals";
import { t } from "../../i18n/words.js";
import { Choice } from "../../ui/choice.js";
import { Figure } from "../../ui/figure.js";
import { Slider } from "../../ui/slider.js";
import { above, contour, framed, type Point } from "../compute/contours.js";
import { CELLS, Descent, type DescentOptions, EDGE, type Pair, type Place, SAMPLES } from "../compute/descent.js";
import { Beside } from "../parts/beside.js";
import { Legend, Plane } from "../parts/plane.js";
import { Player } from "../parts/player.js";
import { Prose } from "../parts/prose.js";
import { Readings } from "../parts/readings.js";
import { type Scale, scale } from "../parts/scale.js";
import { useRun } from "../parts/use-run.js";
import w from "./descent.words.js";

const TO = scale([-EDGE, EDGE], [-EDGE, EDGE], 400, 400);
/** As much of the way as is drawn, and of its steps as dots. */
const LONGEST = 400;
const DOTS = 60;
/** How many times as high as at the beginning the cost is once steps are said to diverge. */
const FAR = 4;
/** Lines of equal cost. */
const LINES = [1, 2, 3, 4, 5, 6, 7];

interface State {
  readonly plane: readonly number[];
  readonly way: readonly Pair[];
  readonly place: Place;
  readonly steps: number;
  /** The cost at the beginning. */
  readonly first: number;
  /** The same by proximal steps, beside subgradient steps. */
  readonly beside?: { readonly way: readonly Pair[]; readonly place: Place };
}

/** What goes down, and beside it what takes proximal steps. */
interface Pairing {
  readonly own: Descent;
  readonly proximal?: Descent;
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
  const both = aspect === "penalty" && kind.value === "l1";
  const run = useRun<Pairing, State>(
    {
      make: () => {
        const options: DescentOptions = {
          problem: aspect === "penalty" ? "weighing" : "line",
          ...{ rate: rate.value, batchSize, penalty: kind.value, lambda: strength },
        };
        return { own: new Descent(options), proximal: both ? new Descent({ ...options, proximal: true }) : undefined };
      },
      look: async ({ own, proximal }) => {
        const place = await own.begin();
        const way = [place.weights];
        return {
          ...{ plane: await own.plane(), way, place, steps: 0, first: place.cost },
          beside: proximal && { way, place: await proximal.begin() },
        };
      },
      step: async ({ own, proximal }, before) => {
        const place = await own.update();
        const there = await proximal?.update();
        return {
          ...before,
          ...{ way: longer(before.way, place), place, steps: before.steps + 1 },
          beside: there && { way: longer(before.beside?.way ?? [], there), place: there },
        };
      },
      pause: 60,
    },
    [rate.value, batchSize, kind.value, strength],
  );
  const [title, caption] = TEXTS[aspect];
  const { plane, way, place, steps = 0, first = 0, beside } = run.result ?? {};
  const diverges = place !== undefined && !(place.cost <= FAR * first);
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
          <Plane to={TO} label={t(w.plane)} names={aspect === "penalty" ? ["w₁", "w₂"] : ["w", "b"]}>
            {plane && <Ground to={TO} costs={plane} />}
            {way && <Way of={way} look="way" />}
            {beside && <Way of={beside.way} look="way proximal" />}
            {beside && <Dot at={beside.place} />}
            {place && <Dot at={place} />}
          </Plane>
        }
      >
        {both && (
          <Legend
            names={[
              ["way", t(w.subgradient)],
              ["way proximal", t(w.proximal)],
            ]}
          />
        )}
        <p role="status">{diverges ? t(w.diverges) : ""}</p>
        <Readings
          of={[
            { name: "steps", label: t(w.steps), value: steps },
            { name: "samples", label: t(w.samples), value: steps * batchSize },
            { name: "cost", label: t(w.cost), value: place?.cost },
            { name: "first", label: t(w.first), value: place?.weights[0] },
            { name: "second", label: t(w.second), value: place?.weights[1] },
            ...(beside ? [{ name: "proximal", label: t(w.secondProximal), value: beside.place.weights[1] }] : []),
          ]}
        />
      </Beside>
    </Figure>
  );
}

const longer = (way: readonly Pair[], { weights }: Place): readonly Pair[] => [...way, weights].slice(-LONGEST);

const Dot = ({ at: { weights } }: { readonly at: Place }) => (
  <circle class="dot" cx={TO.x(weights[0])} cy={TO.y(weights[1])} r={6} />
);

/** A way with its last steps as dots. */
const Way = ({ of, look }: { readonly of: readonly Pair[]; readonly look: string }) => (
  <g>
    <path class={look} d={of.map(([a, b], i) => `${i === 0 ? "M" : "L"}${TO.x(a)} ${TO.y(b)}`).join("")} />
    {of.slice(-DOTS).map(([a, b], i) => (
      <circle key={`${i}`} class="stop" cx={TO.x(a)} cy={TO.y(b)} r={2.5} />
    ))}
  </g>
);

/** The cost as bands of equal cost, each a root higher than the last so that the bottom is seen well. */
function Ground({ to, costs }: { readonly to: Scale; readonly costs: readonly number[] }) {
  const [low, high] = [Math.min(...costs), Math.max(...costs)];
  const [heights, columns] = [framed(costs, CELLS), CELLS + 2];
  const level = (share: number) => low + (high - low) * share ** 2;
  // Heights are those of the middles of fields; what frames them stands on the border.
  const onPlane = (at: number) => -EDGE + (2 * EDGE * Math.max(0, Math.min(CELLS, at - 0.5))) / CELLS;
  const place = ([column, row]: Point) => `${to.x(onPlane(column)).toFixed(1)} ${to.y(-onPlane(row)).toFixed(1)}`;
  return (
    <g>
      {BANDS.map((band) => (
        <path
          key={`band ${band}`}
          class="ground"
          d={above(heights, columns, level(band / BANDS.length))
            .map((polygon) => `M${polygon.map(place).join("L")}z`)
            .join("")}
          fill-opacity={over(band)}
          shape-rendering="crispEdges"
        />
      ))}
      {LINES.map((line) => (
        <path
          key={`line ${line}`}
          class="contour"
          d={contour(heights, columns, level(line / 8))
            .map((line) => `M${line.map(place).join("L")}`)
            .join("")}
        />
      ))}
    </g>
  );
}

const BANDS = Array.from({ length: 24 }, (_, band) => band);
/** How much of a band is covered, and how much it has to add to the one below it. */
const cover = (band: number): number => (0.85 * (band + 1)) / BANDS.length;
const over = (band: number): number => (band === 0 ? cover(0) : 1 - (1 - cover(band)) / (1 - cover(band - 1)));

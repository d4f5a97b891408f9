// Figure 1: a set of functions, a measure and a better choice, in turns.
import { useSignal } from "@preact/signals";
import { t } from "../../i18n/words.js";
import { Figure } from "../../ui/figure.js";
import { Slider } from "../../ui/slider.js";
import { CURVE, Loop, type Measured, POINTS } from "../compute/loop.js";
import { Beside } from "../parts/beside.js";
import p from "../parts/parts.words.js";
import { Plane } from "../parts/plane.js";
import { Player } from "../parts/player.js";
import { Prose } from "../parts/prose.js";
import { Readings } from "../parts/readings.js";
import { curvePath, scale } from "../parts/scale.js";
import { useRun } from "../parts/use-run.js";
import w from "./steps.words.js";

const TO = scale([-3, 3], [-2.5, 2.5]);

interface State {
  /** Which of the three steps was the last: 0, 1 or 2. */
  readonly at: number;
  readonly turns: number;
  readonly measured?: Measured;
  readonly curve: readonly number[];
}

/** Measuring and improving take turns; choosing the set of functions was done before. */
async function goOn(loop: Loop, before: State): Promise<State> {
  if (before.at !== 1) return { ...before, at: 1, measured: await loop.measure() };
  await loop.improve();
  return { ...before, at: 2, turns: before.turns + 1, curve: await loop.curve() };
}

/** Figure 1: a set of functions, a measure, a better choice, round and round. */
export function StepsFigure() {
  const [hidden, rate] = [useSignal(8), useSignal(0.03)];
  const run = useRun<Loop, State>(
    {
      make: () => new Loop(hidden.value, rate.value),
      look: async (loop) => ({ at: 0, turns: 0, curve: await loop.curve() }),
      step: goOn,
    },
    [hidden.value],
  );
  const { at = 0, turns, measured, curve } = run.result ?? {};
  const changeRate = (value: number) => {
    rate.value = value;
    run.own.rate = value;
  };
  return (
    <Figure
      title={t(p.figure, "1", t(w.title))}
      caption={<Prose text={w.caption} />}
      controls={
        <>
          <Slider
            label={t(w.hidden)}
            value={hidden.value}
            min={1}
            max={16}
            step={1}
            onInput={(v) => (hidden.value = v)}
          />
          <Slider label={t(w.rate)} value={rate.value} min={0.005} max={0.2} step={0.005} onInput={changeRate} />
          <Player run={run} />
        </>
      }
    >
      <ol class="three">
        {[t(w.choose, run.own.parameters), t(w.measure), t(w.improve)].map((text, i) => (
          <li key={text} aria-current={i === at ? "step" : undefined}>
            {text}
          </li>
        ))}
      </ol>
      <Beside
        drawing={
          <Plane to={TO} label={t(w.drawing)} names={["x", "y"]}>
            {curve &&
              POINTS.map(({ x, t: target, at: place }) => (
                <path
                  key={x}
                  class={at === 1 ? "off measured" : "off"}
                  d={`M${TO.x(x)} ${TO.y(target)}V${TO.y(curve[place])}`}
                />
              ))}
            {POINTS.map(({ x, t: target }) => (
              <circle key={x} class="point" cx={TO.x(x)} cy={TO.y(target)} r={3} />
            ))}
            {curve && <path class="line-1" d={curvePath(TO, CURVE, curve)} />}
          </Plane>
        }
      >
        <Readings
          of={[
            { name: "turns", label: t(w.turns), value: turns },
            { name: "cost", label: t(w.cost), value: measured?.cost },
            { name: "slope", label: t(w.slope), value: measured?.slope },
          ]}
        />
      </Beside>
    </Figure>
  );
}

// The figure about linear pieces and their maximum.
import { useSignal } from "@preact/signals";
import { t } from "../../i18n/words.js";
import { Choice } from "../../ui/choice.js";
import { Figure } from "../../ui/figure.js";
import { Slider } from "../../ui/slider.js";
import { EDGE, type Fit, GRID, MaxoutFit, TARGETS, type TargetName, type Unit } from "../compute/maxout.js";
import { Beside } from "../parts/beside.js";
import p from "../parts/parts.words.js";
import { Legend, Plane } from "../parts/plane.js";
import { Player } from "../parts/player.js";
import { Prose } from "../parts/prose.js";
import { Readings } from "../parts/readings.js";
import { curvePath, scale } from "../parts/scale.js";
import { useRun } from "../parts/use-run.js";
import w from "./maxout.words.js";

const TO = scale([-EDGE, EDGE], [-2, 3.2]);
/** Updates between two drawings. */
const AT_ONCE = 5;
const LOOKS = ["line-3", "line-4"] as const;

const heightAt = ({ slope, offset }: Unit["lines"][number], x: number): number => slope * x + offset;

/** How many of the lines are the highest somewhere. */
const winners = ({ lines }: Unit): number =>
  new Set(
    Array.from(GRID, (x) =>
      lines.reduce((best, line, i) => (heightAt(line, x) > heightAt(lines[best], x) ? i : best), 0),
    ),
  ).size;

/** Figure 7: lines that learn to lie so that the highest of them follows a curve. */
export function MaxoutFigure() {
  const [k, target, count] = [useSignal(4), useSignal<TargetName>("square"), useSignal<"one" | "difference">("one")];
  const run = useRun<MaxoutFit, { readonly updates: number; readonly fit: Fit }>(
    {
      make: () => new MaxoutFit(k.value, count.value === "one" ? 1 : 2, target.value),
      look: async (fit) => ({ updates: 0, fit: await fit.look() }),
      step: async (fit, { updates }) => {
        await fit.learn(AT_ONCE);
        return { updates: updates + AT_ONCE, fit: await fit.look() };
      },
    },
    [k.value, target.value, count.value],
  );
  const { fit, updates } = run.result ?? {};
  return (
    <Figure
      title={t(p.figure, "7", t(w.title))}
      caption={<Prose text={w.caption} />}
      controls={
        <>
          <Slider label={t(w.k)} value={k.value} min={1} max={8} step={1} onInput={(v) => (k.value = v)} />
          <Choice
            label={t(w.target)}
            value={target.value}
            options={(["square", "abs", "wave"] as const).map((value) => ({ value, text: t(w[value]) }))}
            onChange={(v) => (target.value = v)}
          />
          <Choice
            label={t(w.units)}
            value={count.value}
            options={(["one", "difference"] as const).map((value) => ({ value, text: t(w[value]) }))}
            onChange={(v) => (count.value = v)}
          />
          <Player run={run} />
        </>
      }
    >
      <Beside
        drawing={
          <Plane to={TO} label={t(w.drawing)}>
            <path class="line-6" d={curvePath(TO, GRID, Array.from(GRID, TARGETS[target.value]))} />
            {fit?.units.flatMap(({ lines }, j) =>
              lines.map((line, i) => (
                <path
                  key={`${j}.${i}`}
                  class={LOOKS[j]}
                  d={curvePath(
                    TO,
                    [-EDGE, EDGE],
                    [-EDGE, EDGE].map((x) => heightAt(line, x)),
                  )}
                />
              )),
            )}
            {fit && <path class="line-1" d={curvePath(TO, GRID, fit.output)} />}
          </Plane>
        }
      >
        <Legend
          names={[
            ["line-6", t(w.wanted)],
            ["line-3", t(w.pieces)],
            ["line-1", t(w.output)],
          ]}
        />
        <Readings
          of={[
            { name: "updates", label: t(w.updates), value: updates },
            { name: "cost", label: t(w.cost), value: fit?.cost },
            { name: "winning", label: t(w.winning), value: fit?.units.reduce((sum, unit) => sum + winners(unit), 0) },
          ]}
        />
      </Beside>
    </Figure>
  );
}

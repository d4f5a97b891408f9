// The figure in which a polynomial overfits, and a penalty cures it.
import { useSignal } from "@preact/signals";
import { t } from "../../i18n/words.js";
import { Figure } from "../../ui/figure.js";
import { formatFigures } from "../../ui/format.js";
import { Slider } from "../../ui/slider.js";
import { type Fits, fits, GRID, LAMBDAS, truth } from "../compute/overfit.js";
import { Legend, Plane } from "../parts/plane.js";
import { Prose } from "../parts/prose.js";
import { Readings } from "../parts/readings.js";
import { curvePath, scale } from "../parts/scale.js";
import { useAnswer } from "../parts/use-answer.js";
import w from "./overfit.words.js";

const TO = scale([-1.05, 1.05], [-2, 2]);
/** λ's exponent across, 0 at the left end; the error up. */
const ERRORS = scale([-5.5, 1], [0, 0.6]);
const exponentOf = (i: number): number => (i === 0 ? ERRORS.xRange[0] + 0.25 : Math.log10(LAMBDAS[i]));
const EXPONENTS = Array.from(LAMBDAS, (_, i) => exponentOf(i));

/** Few noisy points, a function that is free enough to go through all of them, and what holds it back. */
export function OverfitFigure() {
  const [degree, strength] = [useSignal(11), useSignal(0)];
  const answer = useAnswer(() => fits(degree.value), [degree.value]);
  const at = strength.value;
  const lambda = formatFigures(LAMBDAS[at], 2);
  return (
    <Figure
      title={t(w.title)}
      caption={<Prose text={w.caption} />}
      controls={
        <>
          <Slider
            label={t(w.lambda)}
            value={at}
            min={0}
            max={LAMBDAS.length - 1}
            step={1}
            text={lambda}
            onInput={(v) => (strength.value = v)}
          />
          <Slider
            label={t(w.degree)}
            value={degree.value}
            min={1}
            max={11}
            step={1}
            onInput={(v) => (degree.value = v)}
          />
        </>
      }
    >
      <div class="side">
        <div>
          <Plane to={TO} label={t(w.drawing)} names={["x", "y"]}>
            <path class="line-6" d={curvePath(TO, GRID, Array.from(GRID, truth))} />
            {at > 0 && answer && <path class="line-2" d={curvePath(TO, GRID, answer.curves[0])} />}
            {answer && <path class="line-1" d={curvePath(TO, GRID, answer.curves[at])} />}
            {Array.from(answer?.points.x ?? [], (x, i) => (
              <circle key={x} class="point" cx={TO.x(x)} cy={TO.y(answer?.points.t[i] ?? 0)} r={4} />
            ))}
          </Plane>
          <Legend
            names={[
              ["line-6", t(w.truth)],
              ["line-1", t(w.learned, lambda)],
              ...(at > 0 ? [["line-2", t(w.without)] as const] : []),
            ]}
          />
        </div>
        <Errors of={answer} at={at} />
      </div>
      <Readings
        of={[
          { name: "train", label: t(w.train), value: answer?.train[at] },
          { name: "unseen", label: t(w.unseen), value: answer?.unseen[at] },
        ]}
      />
      <p role="status">{answer && t(w[stateOf(answer, at)])}</p>
    </Figure>
  );
}

/** What the numbers say: clearly above the lowest error with a weaker penalty than its own, or with a stronger one. */
function stateOf({ unseen }: Fits, at: number): "over" | "under" | "right" {
  const lowest = Math.min(...unseen);
  if (unseen[at] < 1.2 * lowest) return "right";
  return at < unseen.indexOf(lowest) ? "over" : "under";
}

/** Both errors, over the strength of the penalty. */
const Errors = ({ of, at }: { readonly of: Fits | undefined; readonly at: number }) => (
  <div>
    <Plane to={ERRORS} label={t(w.errors)} xTicks={[-5, -4, -3, -2, -1, 0, 1]} names={["log₁₀ λ", t(w.error)]}>
      <line class="axis" x1={ERRORS.x(exponentOf(at))} x2={ERRORS.x(exponentOf(at))} y1={0} y2={ERRORS.height} />
      {of && <path class="line-3" d={curvePath(ERRORS, EXPONENTS, of.train)} />}
      {of && <path class="line-4" d={curvePath(ERRORS, EXPONENTS, of.unseen)} />}
      {of && <circle class="dot" cx={ERRORS.x(exponentOf(at))} cy={ERRORS.y(of.unseen[at])} r={5} />}
    </Plane>
    <Legend
      names={[
        ["line-3", t(w.train)],
        ["line-4", t(w.unseen)],
      ]}
    />
  </div>
);

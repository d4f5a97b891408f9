// The figure of the continuous convolution: a product whose area is one point of the result.
import { useSignal } from "@preact/signals";
import { t } from "../../i18n/words.js";
import { Choice } from "../../ui/choice.js";
import { Figure } from "../../ui/figure.js";
import { formatFixed } from "../../ui/format.js";
import { Slider } from "../../ui/slider.js";
import { FUNCTIONS, type FunctionName, overlap, PLACES, RANGE, slide } from "../compute/convolution.js";
import { Legend, Plane } from "../parts/plane.js";
import { Prose } from "../parts/prose.js";
import { Readings } from "../parts/readings.js";
import { curvePath, scale } from "../parts/scale.js";
import { useAnswer } from "../parts/use-answer.js";
import w from "./sliding.words.js";

/** Both plots have the same axis, so that t is at the same place in them. */
const ABOVE = scale([-4, 4], [-0.1, 1.6]);
const BELOW = scale([-4, 4], [-0.1, 1.6]);
const NAMES = Object.keys(FUNCTIONS) as FunctionName[];

/** The continuous convolution: a product whose area is one point of the result. */
export function SlidingFigure() {
  const [x, other, at] = [
    useSignal<FunctionName>("box"),
    useSignal<FunctionName>("decay"),
    useSignal(RANGE.count - 1 + RANGE.count / 8),
  ];
  const result = useAnswer(() => slide(x.value, other.value), [x.value, other.value]);
  const place = result?.t[at.value] ?? 0;
  const here = useAnswer(() => overlap(x.value, other.value, place), [x.value, other.value, place]);
  /** Takes the place that is nearest to t. */
  const slideTo = (t: number) => {
    if (result === undefined) return;
    const nearest = Math.round((t - result.t[0]) / (result.t[1] - result.t[0]));
    at.value = Math.max(0, Math.min(result.t.length - 1, nearest));
  };
  const options = NAMES.map((value) => ({ value, text: t(w[value]) }));
  return (
    <Figure
      title={t(w.title)}
      caption={<Prose text={w.caption} />}
      controls={
        <>
          <Choice label={t(w.x)} value={x.value} options={options} onChange={(v) => (x.value = v)} />
          <Choice label={t(w.w)} value={other.value} options={options} onChange={(v) => (other.value = v)} />
          <Slider
            label={t(w.t)}
            value={at.value}
            min={0}
            max={2 * RANGE.count - 2}
            step={1}
            text={formatFixed(place, 3)}
            onInput={(v) => (at.value = v)}
          />
        </>
      }
    >
      <div class="side">
        <Plane to={ABOVE} label={t(w.above)} names={["a", "x, w"]} onPoint={slideTo}>
          {here && (
            <>
              <path class="area" d={`${curvePath(ABOVE, PLACES, here.product)}V${ABOVE.y(0)}H${ABOVE.x(-2)}Z`} />
              <path class="line-1" d={curvePath(ABOVE, PLACES, here.x)} />
              <path class="line-2" d={curvePath(ABOVE, PLACES, here.turned)} />
              <path class="shared" d={`M${ABOVE.x(place)} ${ABOVE.y(1.6)}V${ABOVE.y(-0.1)}`} />
            </>
          )}
        </Plane>
        <Plane to={BELOW} label={t(w.below)} names={["t", "s"]} onPoint={slideTo}>
          {result && <path class="line-4" d={curvePath(BELOW, result.t, result.s)} />}
          <path class="shared" d={`M${BELOW.x(place)} ${BELOW.y(1.6)}V${BELOW.y(-0.1)}`} />
          {result && <circle class="dot" cx={BELOW.x(place)} cy={BELOW.y(result.s[at.value])} r={5} />}
        </Plane>
      </div>
      <Legend
        names={[
          ["line-1", "x(a)"],
          ["line-2", "w(t − a)"],
          ["line-4", "s(t)"],
        ]}
      />
      <Readings
        of={[
          { name: "area", label: t(w.area), value: here?.area },
          { name: "s", label: t(w.s), value: result?.s[at.value] },
        ]}
      />
    </Figure>
  );
}

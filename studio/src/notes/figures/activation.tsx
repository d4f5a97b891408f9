// Draws figures 3 to 6.
import { useSignal } from "@preact/signals";
import { t } from "../../i18n/words.js";
import { Figure } from "../../ui/figure.js";
import { formatNumber } from "../../ui/format.js";
import { Slider } from "../../ui/slider.js";
import { type ActivationName, curve, EDGE, GRID, gradientsThrough } from "../compute/activation.js";
import p from "../parts/parts.words.js";
import { Legend, Plane } from "../parts/plane.js";
import { Prose } from "../parts/prose.js";
import { Readings } from "../parts/readings.js";
import { curvePath, scale } from "../parts/scale.js";
import { useAnswer } from "../parts/use-answer.js";
import w from "./activation.words.js";

/** What differs between figures 3 to 6. */
const KINDS = {
  sigmoid: { number: "3", range: [-0.25, 1.25], caption: w.sigmoidCaption },
  relu: { number: "4", range: [-1, 5], caption: w.reluCaption },
  leakyRelu: {
    number: "5",
    range: [-1, 5],
    caption: w.leakyReluCaption,
    shape: { label: w.slope, start: 0.1, max: 0.5 },
  },
  elu: { number: "6", range: [-1.5, 5], caption: w.eluCaption, shape: { label: w.alpha, start: 0.4, max: 1.5 } },
} as const;

/** Figures 3 to 6: an activation, its derivative, the slope at a chosen place, and ten layers of it. */
export function ActivationFigure({ name }: { readonly name: ActivationName }) {
  const kind = KINDS[name];
  const own = "shape" in kind ? kind.shape : undefined;
  const [z, shape, gain] = [useSignal(1), useSignal<number>(own?.start ?? 0), useSignal(1)];
  const whole = useAnswer(() => curve(name, shape.value), [name, shape.value]);
  const here = useAnswer(() => curve(name, shape.value, Float32Array.of(z.value)), [name, shape.value, z.value]);
  const shares = useAnswer(() => gradientsThrough(name, shape.value, gain.value), [name, shape.value, gain.value]);
  const to = scale([-EDGE, EDGE], kind.range);
  const [value, slope] = [here?.value[0], here?.slope[0]];
  const place = (x: number) => {
    z.value = Math.round(x * 20) / 20;
  };
  const tangent = [-EDGE, EDGE].map((x) => (value ?? 0) + (slope ?? 0) * (x - z.value));
  return (
    <Figure
      title={t(p.figure, kind.number, t(w[name]))}
      caption={<Prose text={kind.caption} />}
      controls={
        <>
          <Slider label={t(w.z)} value={z.value} min={-EDGE} max={EDGE} step={0.05} onInput={place} />
          {own !== undefined && (
            <Slider
              label={t(own.label)}
              value={shape.value}
              min={0.05}
              max={own.max}
              step={0.05}
              onInput={(v) => (shape.value = v)}
            />
          )}
          <Slider
            label={t(w.gain)}
            value={gain.value}
            min={0.5}
            max={4}
            step={0.05}
            onInput={(v) => (gain.value = v)}
          />
        </>
      }
    >
      <div class="side">
        <div>
          <Plane to={to} label={t(w.drawing, t(w[name]))} names={["z", "y"]} onPoint={place}>
            {whole && <path class="line-1" d={curvePath(to, GRID, whole.value)} />}
            {whole && <path class="line-2" d={curvePath(to, GRID, whole.slope)} />}
            {here && <path class="line-3" d={curvePath(to, [-EDGE, EDGE], tangent)} />}
            {value !== undefined && <circle class="dot" cx={to.x(z.value)} cy={to.y(value)} r={5} />}
          </Plane>
          <Legend
            names={[
              ["line-1", t(w[name])],
              ["line-2", t(w.derivative)],
              ["line-3", t(w.tangent)],
            ]}
          />
          <Readings
            of={[
              { name: "value", label: t(w.value), value },
              { name: "slope", label: t(w.derivative), value: slope },
            ]}
          />
        </div>
        <Stack shares={shares} />
      </div>
    </Figure>
  );
}

const BARS = { width: 480, height: 280, floor: -8, top: 3 } as const;

/** Ten layers: a bar for the gradient in front of each. */
function Stack({ shares }: { readonly shares: readonly number[] | undefined }) {
  const to = scale([-0.5, 10.5], [BARS.floor, BARS.top], BARS.width, BARS.height);
  return (
    <div>
      <Plane
        to={to}
        label={t(w.stack, shares === undefined ? "…" : formatNumber(shares[0]))}
        names={[t(w.layer), t(w.length)]}
      >
        {shares?.map((share, i) => {
          const height = Math.max(BARS.floor, Math.min(BARS.top, Math.log10(share)));
          return (
            <rect
              key={`${i}`}
              class="bar-1"
              x={to.x(i - 0.35)}
              width={to.x(0.7) - to.x(0)}
              y={to.y(height)}
              height={to.y(BARS.floor) - to.y(height)}
            />
          );
        })}
      </Plane>
      <p class="quiet">{t(w.layers)}</p>
      <Readings of={[{ name: "first", label: t(w.first), value: shares?.[0] }]} />
    </div>
  );
}

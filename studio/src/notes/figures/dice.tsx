// The figure of the discrete convolution: the sum of two dice.
import { useSignal } from "@preact/signals";
import { COLON, inBrackets, LIST } from "../../i18n/punctuation.js";
import { t } from "../../i18n/words.js";
import { Choice } from "../../ui/choice.js";
import { Figure } from "../../ui/figure.js";
import { formatNumber } from "../../ui/format.js";
import { Slider } from "../../ui/slider.js";
import { DICE, type DieName, diceSum } from "../compute/convolution.js";
import { Plane } from "../parts/plane.js";
import { Prose } from "../parts/prose.js";
import { Readings } from "../parts/readings.js";
import { type Scale, scale } from "../parts/scale.js";
import { useAnswer } from "../parts/use-answer.js";
import w from "./sliding.words.js";

const TO = scale([1.5, 12.5], [0, 0.35], 480, 180);
const SUMS = Array.from({ length: 11 }, (_, i) => i + 2);
/** Above: the two lists, over a. */
const LISTS = scale([-5.5, 12.5], [0, 0.45], 480, 180);
const PLACES = [-4, -2, 0, 2, 4, 6, 8, 10, 12];
const FACES = [1, 2, 3, 4, 5, 6];
const NAMES = Object.keys(DICE) as DieName[];

/** The discrete convolution: probabilities of the sum of two dice. */
export function DiceFigure() {
  const [first, second, sum] = [useSignal<DieName>("fair"), useSignal<DieName>("loaded"), useSignal(7)];
  const chances = useAnswer(() => diceSum(first.value, second.value), [first.value, second.value]);
  const options = NAMES.map((value) => ({ value, text: t(w[value]) }));
  const faces = FACES.filter((a) => sum.value - a >= 1 && sum.value - a <= 6);
  const [a, b] = [DICE[first.value], DICE[second.value]];
  return (
    <Figure
      title={t(w.diceTitle)}
      caption={<Prose text={w.diceCaption} />}
      controls={
        <>
          <Choice label={t(w.first)} value={first.value} options={options} onChange={(v) => (first.value = v)} />
          <Choice label={t(w.second)} value={second.value} options={options} onChange={(v) => (second.value = v)} />
          <Slider label={t(w.sum)} value={sum.value} min={2} max={12} step={1} onInput={(v) => (sum.value = v)} />
        </>
      }
    >
      <Plane to={LISTS} label={t(w.lists, sum.value)} xTicks={PLACES} names={["a", t(w.chance)]}>
        {FACES.map((face) => (
          <g key={face}>
            <Bar look="bar-1" to={LISTS} x={face - 0.2} wide={0.4} height={a[face - 1]} />
            <Bar look="bar-2" to={LISTS} x={sum.value - face + 0.2} wide={0.4} height={b[face - 1]} />
          </g>
        ))}
      </Plane>
      <ul class="legend">
        <li class="swatch first">{t(w.first) + t(COLON)}a</li>
        <li class="swatch second">
          {t(w.second) + t(COLON)}
          {sum.value} − a
        </li>
      </ul>
      <Plane
        to={TO}
        label={t(w.dice, sum.value)}
        xTicks={SUMS}
        names={["s", t(w.chance)]}
        onPoint={(x) => (sum.value = Math.round(x))}
      >
        {chances?.map((chance, i) => (
          <Bar
            key={`${i}`}
            look={i + 2 === sum.value ? "bar-2" : "bar-1"}
            to={TO}
            x={i + 2}
            wide={0.7}
            height={chance}
          />
        ))}
      </Plane>
      <p>
        {t(w.ways) + t(COLON)}
        {faces
          .map(
            (face) =>
              `${face}+${sum.value - face}${t(inBrackets, `${formatNumber(a[face - 1])} · ${formatNumber(b[sum.value - face - 1])}`)}`,
          )
          .join(t(LIST))}
      </p>
      <Readings of={[{ name: "probability", label: t(w.probability), value: chances?.[sum.value - 2] }]} />
    </Figure>
  );
}

interface BarProps {
  readonly look: string;
  readonly to: Scale;
  /** Of its middle. */
  readonly x: number;
  readonly wide: number;
  readonly height: number;
}

const Bar = ({ look, to, x, wide, height }: BarProps) => (
  <rect
    class={look}
    x={to.x(x - wide / 2)}
    width={to.x(wide) - to.x(0)}
    y={to.y(height)}
    height={to.y(0) - to.y(height)}
  />
);

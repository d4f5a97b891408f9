import { useSignal } from "@preact/signals";
import { t } from "../../i18n/words.js";
import { Choice } from "../../ui/choice.js";
import { Figure } from "../../ui/figure.js";
import { formatNumber } from "../../ui/format.js";
import { Slider } from "../../ui/slider.js";
import { DICE, type DieName, diceSum } from "../compute/convolution.js";
import { Plane } from "../parts/plane.js";
import { Readings } from "../parts/readings.js";
import { scale } from "../parts/scale.js";
import { useAnswer } from "../parts/use-answer.js";
import w from "./sliding.words.js";

const TO = scale([1.5, 12.5], [0, 0.35], 480, 200);
const NAMES = Object.keys(DICE) as DieName[];

/** The discrete convolution: probabilities of the sum of two dice. */
export function DiceFigure() {
  const [first, second, sum] = [useSignal<DieName>("fair"), useSignal<DieName>("loaded"), useSignal(7)];
  const chances = useAnswer(() => diceSum(first.value, second.value), [first.value, second.value]);
  const options = NAMES.map((value) => ({ value, text: t(w[value]) }));
  const faces = [1, 2, 3, 4, 5, 6].filter((a) => sum.value - a >= 1 && sum.value - a <= 6);
  const [a, b] = [DICE[first.value], DICE[second.value]];
  return (
    <Figure
      title={t(w.diceTitle)}
      caption={t(w.diceCaption)}
      controls={
        <>
          <Choice label={t(w.first)} value={first.value} options={options} onChange={(v) => (first.value = v)} />
          <Choice label={t(w.second)} value={second.value} options={options} onChange={(v) => (second.value = v)} />
          <Slider label={t(w.sum)} value={sum.value} min={2} max={12} step={1} onInput={(v) => (sum.value = v)} />
        </>
      }
    >
      <Plane to={TO} label={t(w.dice, sum.value)}>
        {chances?.map((chance, i) => (
          <rect
            key={`${i}`}
            class={i + 2 === sum.value ? "bar-2" : "bar-1"}
            x={TO.x(i + 1.65)}
            width={TO.x(0.7) - TO.x(0)}
            y={TO.y(chance)}
            height={TO.y(0) - TO.y(chance)}
          />
        ))}
      </Plane>
      <p>
        {t(w.ways)}:{" "}
        {faces
          .map(
            (face) =>
              `${face}+${sum.value - face} (${formatNumber(a[face - 1])} · ${formatNumber(b[sum.value - face - 1])})`,
          )
          .join(", ")}
      </p>
      <Readings of={[{ name: "probability", label: t(w.probability), value: chances?.[sum.value - 2] }]} />
    </Figure>
  );
}

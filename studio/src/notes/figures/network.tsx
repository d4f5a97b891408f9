// The figure of a small network with its numbers.
import { useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { t } from "../../i18n/words.js";
import { Button } from "../../ui/button.js";
import { Figure } from "../../ui/figure.js";
import { formatFixed, formatNumber } from "../../ui/format.js";
import { Slider } from "../../ui/slider.js";
import { SIZES, TwoLayers } from "../compute/network.js";
import { Beside } from "../parts/beside.js";
import { Prose } from "../parts/prose.js";
import { Readings } from "../parts/readings.js";
import { useAnswer } from "../parts/use-answer.js";
import { Layers } from "./layers.js";
import w from "./network.words.js";

const ALL = SIZES.map((size) => Array.from({ length: size }, () => true));

/** A number that is added: "+ 0.5", "− 0.5". */
const plus = (x: number): string => `${x < 0 ? "−" : "+"} ${formatNumber(Math.abs(x))}`;

/** A fully connected network of two layers, with its activation or without. */
export function NetworkFigure() {
  const [first, second, activation] = [useSignal(1), useSignal(-0.5), useSignal(true)];
  const net = useMemo(() => new TwoLayers(), []);
  const inputs = [first.value, second.value];
  const answer = useAnswer(() => net.signals(inputs, activation.value), [...inputs, activation.value]);
  const output = answer?.values[2][0];
  const [a, b, c] = answer?.collapsed ?? [];
  return (
    <Figure
      title={t(w.title)}
      caption={<Prose text={w.caption} />}
      controls={
        <>
          <Slider
            label={t(w.first)}
            value={first.value}
            min={-3}
            max={3}
            step={0.1}
            onInput={(v) => (first.value = v)}
          />
          <Slider
            label={t(w.second)}
            value={second.value}
            min={-3}
            max={3}
            step={0.1}
            onInput={(v) => (second.value = v)}
          />
          <Button pressed={activation.value} onClick={() => (activation.value = !activation.value)}>
            {t(w.activation)}
          </Button>
        </>
      }
    >
      <Beside
        drawing={
          <Layers
            label={t(w.drawing, output === undefined ? "…" : formatNumber(output))}
            alive={ALL}
            weights={answer?.weights}
            texts={ALL.map((units, i) =>
              units.map((_, j) => (answer === undefined ? "…" : formatFixed(answer.values[i][j], 2))),
            )}
          />
        }
      >
        <Readings of={[{ name: "output", label: t(w.output), value: output }]} />
        {answer?.collapsed && (
          <Readings
            of={[
              {
                name: "collapsed",
                label: t(w.collapsed),
                value: a * first.value + b * second.value + c,
                text: `${formatNumber(a)}·x₁ ${plus(b)}·x₂ ${plus(c)} = ${formatNumber(a * first.value + b * second.value + c)}`,
              },
            ]}
          />
        )}
      </Beside>
    </Figure>
  );
}

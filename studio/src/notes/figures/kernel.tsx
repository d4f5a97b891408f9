// The figure in which a kernel moves over a digit.
import { useSignal } from "@preact/signals";
import { COLON } from "../../i18n/punctuation.js";
import { t } from "../../i18n/words.js";
import { Button } from "../../ui/button.js";
import { Choice } from "../../ui/choice.js";
import { Figure } from "../../ui/figure.js";
import { formatNumber, formatRounded } from "../../ui/format.js";
import { Slider } from "../../ui/slider.js";
import {
  type Filtered,
  filter,
  KERNEL_SIDE,
  KERNELS,
  type KernelName,
  type Meeting,
  meeting,
} from "../compute/convolution.js";
import { DIGIT_SIDE, fetchDigits } from "../compute/digits.js";
import { Cells } from "../parts/cells.js";
import { Prose } from "../parts/prose.js";
import { Readings } from "../parts/readings.js";
import { useAnswer } from "../parts/use-answer.js";
import w from "./kernel.words.js";
import { KernelNumbers } from "./kernel-numbers.js";

const COUNT = 20;
const LAST = DIGIT_SIDE - KERNEL_SIDE;
const KEYS: Readonly<Record<string, readonly [down: number, right: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};
const NAMES = Object.keys(KERNELS) as KernelName[];
const held = (value: number): number => Math.max(0, Math.min(LAST, value));

/** The kernel of convolution, or of correlation, over a digit of MNIST. */
export function KernelFigure() {
  const [number, flip, at] = [useSignal(1), useSignal(true), useSignal<readonly [number, number]>([14, 15])];
  const kernel = useSignal<readonly number[]>(KERNELS.edge);
  const digits = useAnswer(() => fetchDigits("../../", COUNT), []);
  const image = digits?.[number.value - 1];
  const inputs = [image, kernel.value, flip.value] as const;
  const whole = useAnswer(async () => image && (await filter(image, DIGIT_SIDE, kernel.value, flip.value)), inputs);
  const here = useAnswer(
    async () => image && (await meeting(image, DIGIT_SIDE, kernel.value, flip.value, at.value)),
    [...inputs, at.value],
  );
  const name = NAMES.find((n) => KERNELS[n].every((v, i) => v === kernel.value[i])) ?? "own";
  const choices: readonly (KernelName | "own")[] = name === "own" ? [...NAMES, name] : NAMES;
  return (
    <Figure
      title={t(w.title)}
      caption={<Prose text={w.caption} />}
      controls={
        <>
          <Slider
            label={t(w.digit)}
            value={number.value}
            min={1}
            max={COUNT}
            step={1}
            text={`${number.value} / ${COUNT}`}
            onInput={(v) => (number.value = v)}
          />
          <Choice
            label={t(w.kernel)}
            value={name}
            options={choices.map((value) => ({ value, text: t(w[value]) }))}
            onChange={(v) => {
              if (v !== "own") kernel.value = KERNELS[v];
            }}
          />
          <Button pressed={flip.value} onClick={() => (flip.value = !flip.value)}>
            {t(w.flip)}
          </Button>
          <KernelNumbers of={kernel.value} onChange={(numbers) => (kernel.value = numbers)} />
        </>
      }
    >
      {image && whole && here ? (
        <Pictures
          image={image}
          whole={whole}
          here={here}
          at={at.value}
          onMove={(to) => (at.value = [held(to[0]), held(to[1])])}
        />
      ) : (
        <p>{t(w.loading)}</p>
      )}
      <Readings
        of={[
          { name: "sum", label: t(w.sum), value: here?.sum },
          { name: "cell", label: t(w.cell), value: whole?.output[at.value[0] * whole.side + at.value[1]] },
        ]}
      />
    </Figure>
  );
}

interface PicturesProps {
  readonly image: readonly number[];
  readonly whole: Filtered;
  readonly here: Meeting;
  readonly at: readonly [row: number, column: number];
  readonly onMove: (to: readonly [row: number, column: number]) => void;
}

function Pictures({ image, whole, here, at, onMove }: PicturesProps) {
  const key = (pressed: string): boolean => {
    const by = KEYS[pressed];
    if (by !== undefined) onMove([at[0] + by[0], at[1] + by[1]]);
    return by !== undefined;
  };
  const drag = (down: number, right: number) => onMove([at[0] + down, at[1] + right]);
  const top = Math.max(...whole.output.map(Math.abs), 1e-6);
  const heaviest = Math.max(...here.weights.map(Math.abs), 1e-6);
  const texts = (numbers: readonly number[]) => numbers.map((v) => formatRounded(v, 2));
  return (
    <div class="side">
      <Cells
        label={t(w.image)}
        values={image}
        columns={DIGIT_SIDE}
        frame={[...at, KERNEL_SIDE]}
        onKey={key}
        onDrag={drag}
        onPress={(cell) => onMove([Math.floor(cell / DIGIT_SIDE) - 1, (cell % DIGIT_SIDE) - 1])}
      />
      <Cells
        label={t(w.output, formatNumber(here.sum))}
        values={whole.output}
        columns={whole.side}
        top={top}
        frame={[...at, 1]}
        onKey={key}
        onDrag={drag}
        onPress={(cell) => onMove([Math.floor(cell / whole.side), cell % whole.side])}
      />
      <div class="pair">
        <div>
          <p>{t(w.seen)}</p>
          <Cells
            label={t(w.seen) + t(COLON) + texts(here.pixels).join(" ")}
            values={here.pixels}
            columns={KERNEL_SIDE}
            texts={texts(here.pixels)}
          />
        </div>
        <div>
          <p>{t(w.lying)}</p>
          <Cells
            label={t(w.lying) + t(COLON) + texts(here.weights).join(" ")}
            values={here.weights}
            columns={KERNEL_SIDE}
            top={heaviest * 2}
            texts={texts(here.weights)}
          />
        </div>
      </div>
    </div>
  );
}

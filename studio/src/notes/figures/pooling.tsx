// The figure about pooling windows, their maxima and where the gradient goes.
import { useSignal } from "@preact/signals";
import { inBrackets } from "../../i18n/punctuation.js";
import { t } from "../../i18n/words.js";
import { Button } from "../../ui/button.js";
import { Choice } from "../../ui/choice.js";
import { Figure } from "../../ui/figure.js";
import { formatNumber, formatPercent } from "../../ui/format.js";
import { type Pooling, pool, SIDE, START, shifted } from "../compute/pooling.js";
import { Cells } from "../parts/cells.js";
import p from "../parts/parts.words.js";
import { Prose } from "../parts/prose.js";
import { Readings } from "../parts/readings.js";
import { useAnswer } from "../parts/use-answer.js";
import w from "./pooling.words.js";

type Move = readonly [down: number, right: number];
const KEYS: Readonly<Record<string, Move>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};
const BUTTONS = [
  ["←", w.left, KEYS.ArrowLeft],
  ["→", w.right, KEYS.ArrowRight],
  ["↑", w.up, KEYS.ArrowUp],
  ["↓", w.down, KEYS.ArrowDown],
] as const;

const within = (value: number): number => Math.max(1 - SIDE, Math.min(SIDE - 1, value));

const held = (value: number): number => Math.max(0, Math.min(SIDE - 1, value));

/** Figure 11: pooling of a drawing that can be moved. */
export function PoolingFigure() {
  const [drawing, at, size, kind] = [
    useSignal(START),
    useSignal<Move>([0, 0]),
    useSignal<"2" | "3" | "4">("2"),
    useSignal<"max" | "average">("max"),
  ];
  const cursor = useSignal<Move>([0, 0]);
  const answer = useAnswer(
    () => pool(drawing.value, Number(size.value), at.value, kind.value),
    [drawing.value, size.value, at.value, kind.value],
  );
  const move = ([down, right]: Move) => {
    at.value = [within(at.value[0] + down), within(at.value[1] + right)];
  };
  /** Turns over a cell of what is seen, and takes that for the drawing at rest. */
  const turnOver = (i: number) => {
    const seen = shifted(drawing.value, ...at.value);
    drawing.value = seen.map((v, j) => (j === i ? 1 - v : v));
    at.value = [0, 0];
  };
  const key = (name: string, shift: boolean): boolean => {
    const by = KEYS[name];
    if (name === " ") turnOver(cursor.value[0] * SIDE + cursor.value[1]);
    else if (by === undefined) return false;
    else if (shift) cursor.value = [held(cursor.value[0] + by[0]), held(cursor.value[1] + by[1])];
    else move(by);
    return true;
  };
  return (
    <Figure
      title={t(p.figure, "11", t(w.title))}
      caption={<Prose text={w.caption} />}
      controls={
        <>
          <Choice
            label={t(w.size)}
            value={size.value}
            options={(["2", "3", "4"] as const).map((value) => ({ value, text: `${value} × ${value}` }))}
            onChange={(v) => (size.value = v)}
          />
          <Choice
            label={t(w.kind)}
            value={kind.value}
            options={(["max", "average"] as const).map((value) => ({ value, text: t(w[value]) }))}
            onChange={(v) => (kind.value = v)}
          />
          {BUTTONS.map(([sign, name, by]) => (
            <Button key={sign} label={t(name)} onClick={() => move(by)}>
              {sign}
            </Button>
          ))}
          <Button onClick={() => (at.value = [0, 0])}>{t(w.back)}</Button>
        </>
      }
    >
      {answer && (
        <Both
          answer={answer}
          size={Number(size.value)}
          rings={kind.value === "max"}
          cursor={cursor.value}
          onPress={turnOver}
          onDrag={(down, right) => move([down, right])}
          onKey={key}
        />
      )}
      <p>{t(w.moved, ...at.value)}</p>
      <Readings
        of={[
          changed("inputChanged", t(w.inputChanged), answer?.inputChanged, SIDE * SIDE),
          changed("outputChanged", t(w.outputChanged), answer?.outputChanged, (answer?.side ?? 1) ** 2),
        ]}
      />
    </Figure>
  );
}

const changed = (name: string, label: string, value: number | undefined, all: number) => ({
  ...{ name, label, value },
  text: `${value ?? 0} / ${all}${t(inBrackets, formatPercent((value ?? 0) / all, 0))}`,
});

interface BothProps {
  readonly answer: Pooling;
  readonly size: number;
  readonly rings: boolean;
  readonly cursor: Move;
  readonly onPress: (cell: number) => void;
  readonly onDrag: (down: number, right: number) => void;
  readonly onKey: (key: string, shift: boolean) => boolean;
}

const Both = ({ answer, size, rings, cursor, onPress, onDrag, onKey }: BothProps) => (
  <div class="side">
    <Cells
      label={t(w.input)}
      values={answer.input}
      columns={SIDE}
      heavy={size}
      rings={rings ? answer.winners.filter((cell) => answer.input[cell] > 0) : []}
      frame={[...cursor, 1]}
      onPress={onPress}
      onDrag={onDrag}
      onKey={onKey}
    />
    <Cells
      label={t(w.output, answer.output.map((v) => formatNumber(v)).join(" "))}
      values={answer.output}
      columns={answer.side}
    />
  </div>
);

// The figure in which dropout draws a new mask for each step.
import { useSignal } from "@preact/signals";
import { t } from "../../i18n/words.js";
import { Figure } from "../../ui/figure.js";
import { formatCount } from "../../ui/format.js";
import { Slider } from "../../ui/slider.js";
import { ALL_PRODUCTS, DROPPABLE, SIZES, Thinning, type Update } from "../compute/dropout.js";
import { Beside } from "../parts/beside.js";
import p from "../parts/parts.words.js";
import { Player } from "../parts/player.js";
import { Prose } from "../parts/prose.js";
import { Readings } from "../parts/readings.js";
import { useRun } from "../parts/use-run.js";
import w from "./dropout.words.js";
import { Layers } from "./layers.js";

interface State {
  readonly updates: number;
  readonly update?: Update;
  /** Masks that came up so far. */
  readonly seen: ReadonlySet<string>;
}

const of = (part: number, all: number): string => t(w.of, formatCount(part), formatCount(all));

const maskOf = ({ kept }: Update): string => kept.map(Number).join("");

/** Which units of all layers take part: the inputs and the output always. */
const alive = (kept: readonly boolean[]): boolean[][] => {
  let start = 0;
  return SIZES.map((size, i) => {
    if (i === 0 || i === SIZES.length - 1) return Array.from({ length: size }, () => true);
    return kept.slice(start, (start += size));
  });
};

/** Figure 8: the thinned network of each update. */
export function DropoutFigure() {
  const share = useSignal(0.5);
  const run = useRun<Thinning, State>(
    {
      make: () => new Thinning(share.value),
      look: async () => ({ updates: 0, seen: new Set() }),
      step: async (thinning, { updates, seen }) => {
        const update = await thinning.update();
        return { updates: updates + 1, update, seen: new Set([...seen, maskOf(update)]) };
      },
      pause: 350,
    },
    [share.value],
  );
  const { updates, update, seen } = run.result ?? {};
  const kept = update?.kept ?? Array.from({ length: DROPPABLE }, () => true);
  const count = kept.filter(Boolean).length;
  const networks = 2 ** DROPPABLE;
  return (
    <Figure
      title={t(p.figure, "8", t(w.title))}
      caption={<Prose text={w.caption} />}
      controls={
        <>
          <Slider
            label={t(w.p)}
            value={share.value}
            min={0.05}
            max={0.9}
            step={0.05}
            onInput={(v) => (share.value = v)}
          />
          <Player run={run} />
        </>
      }
    >
      <Beside drawing={<Layers label={t(w.drawing, count, DROPPABLE)} alive={alive(kept)} />}>
        <Readings
          of={[
            { name: "updates", label: t(w.updates), value: updates },
            { name: "kept", label: t(w.kept), value: count, text: of(count, DROPPABLE) },
            { name: "distinct", label: t(w.distinct), value: seen?.size, text: of(seen?.size ?? 0, networks) },
            { name: "products", label: t(w.products, ALL_PRODUCTS), value: update?.products },
            { name: "cost", label: t(w.cost), value: update?.cost },
          ]}
        />
      </Beside>
      <p class="visually-hidden" data-mask={kept.map(Number).join("")} />
    </Figure>
  );
}

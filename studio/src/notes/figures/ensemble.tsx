// Figures 9 and 10: all masks of a network beside the scaled network.
import { useSignal } from "@preact/signals";
import { t } from "../../i18n/words.js";
import { Choice } from "../../ui/choice.js";
import { Figure } from "../../ui/figure.js";
import { formatNumber, formatPercent } from "../../ui/format.js";
import { Slider } from "../../ui/slider.js";
import { type Ensemble, EnsembleLab, GRID, POINTS, type Tail, type Thinned } from "../compute/ensemble.js";
import { Beside } from "../parts/beside.js";
import p from "../parts/parts.words.js";
import { Legend, Plane } from "../parts/plane.js";
import { Player, PlayOrStep } from "../parts/player.js";
import { Prose } from "../parts/prose.js";
import { Readings } from "../parts/readings.js";
import { curvePath, scale } from "../parts/scale.js";
import { useRun } from "../parts/use-run.js";
import w from "./ensemble.words.js";
import { Layers } from "./layers.js";

const AT_ONCE = 20;
const TO = scale([-3, 3], [-2, 2]);
const THUMB = scale([-3, 3], [-2.5, 2.5], 110, 82);

const nameOf = ({ kept, probability }: Thinned, i: number): string => {
  const units = kept.flatMap((k, unit) => (k ? [unit + 1] : [])).join(", ");
  return t(w.one, i + 1, units === "" ? t(w.none) : t(w.kept, units), formatPercent(probability));
};

/** The networks that figures 9 and 10 look at, and what is chosen of them. */
type Networks = ReturnType<typeof useEnsemble>;

export function useEnsemble() {
  const [units, share, tail, chosen] = [useSignal(4), useSignal(0.5), useSignal<Tail>("linear"), useSignal(0)];
  const run = useRun<EnsembleLab, { readonly steps: number; readonly all: Ensemble }>(
    {
      make: () => new EnsembleLab(units.value, share.value, tail.value),
      look: async (lab) => ({ steps: 0, all: await lab.all() }),
      step: async (lab, { steps }) => {
        await lab.learn(AT_ONCE);
        return { steps: steps + AT_ONCE, all: await lab.all() };
      },
    },
    [units.value, share.value, tail.value],
  );
  const { steps, all } = run.result ?? {};
  return { units, share, tail, chosen, run, steps, all, one: all?.nets[Math.min(chosen.value, all.nets.length - 1)] };
}

/** Figure 9: each network by itself. */
export function EveryFigure({ of: { units, share, tail, chosen, run, steps, all, one } }: { readonly of: Networks }) {
  const choose = (i: number) => {
    chosen.value = i;
  };
  return (
    <Figure
      title={t(p.figure, "9", t(w.every))}
      caption={<Prose text={w.everyCaption} />}
      controls={
        <>
          <Slider label={t(w.units)} value={units.value} min={2} max={6} step={1} onInput={(v) => (units.value = v)} />
          <Slider
            label={t(w.p)}
            value={share.value}
            min={0.1}
            max={0.9}
            step={0.1}
            onInput={(v) => (share.value = v)}
          />
          <Player run={run} step={w.learn} />
        </>
      }
    >
      <div class="side">
        <Thumbs nets={all?.nets ?? []} chosen={chosen.value} onChoose={choose} />
        {one && (
          <div>
            <Layers
              label={nameOf(one, chosen.value)}
              alive={[
                [true],
                one.kept,
                ...(tail.value === "tanh" ? [Array.from({ length: 6 }, () => true)] : []),
                [true],
              ]}
            />
            <p>{nameOf(one, chosen.value)}</p>
          </div>
        )}
      </div>
      <Readings
        of={[
          { name: "networks", label: t(w.networks), value: all?.nets.length },
          { name: "steps", label: t(w.steps), value: steps },
        ]}
      />
    </Figure>
  );
}

/** Figure 10: their average beside the network that is used at inference. */
export function TogetherFigure({ of: { tail, run, all, one } }: { readonly of: Networks }) {
  return (
    <Figure
      title={t(p.figure, "10", t(w.together))}
      caption={<Prose text={w.togetherCaption} />}
      controls={
        <>
          <Choice
            label={t(w.tail)}
            value={tail.value}
            options={(["linear", "tanh"] as const).map((value) => ({ value, text: t(w[value]) }))}
            onChange={(v) => (tail.value = v)}
          />
          <PlayOrStep run={run} step={w.learn} />
        </>
      }
    >
      {all && <Together all={all} one={one} />}
    </Figure>
  );
}

interface ThumbsProps {
  readonly nets: readonly Thinned[];
  readonly chosen: number;
  readonly onChoose: (i: number) => void;
}

const Thumbs = ({ nets, chosen, onChoose }: ThumbsProps) => (
  // biome-ignore lint/a11y/useSemanticElements: the buttons are not part of a form
  <div class={nets.length > 32 ? "thumbs many" : "thumbs"} role="group" aria-label={t(w.grid)}>
    {nets.map((net, i) => (
      <button
        key={net.kept.join()}
        type="button"
        aria-label={nameOf(net, i)}
        aria-pressed={i === chosen}
        onClick={() => onChoose(i)}
      >
        <svg viewBox={`40 5 ${THUMB.width - 45} ${THUMB.height - 25}`} aria-hidden="true">
          <path class="line-1" d={curvePath(THUMB, GRID, net.curve)} />
        </svg>
      </button>
    ))}
  </div>
);

function Together({ all, one }: { readonly all: Ensemble; readonly one: Thinned | undefined }) {
  return (
    <Beside
      drawing={
        <Plane to={TO} label={t(w.drawing)} names={["x", "y"]}>
          {all.nets.map(({ kept, curve }) => (
            <path key={kept.join()} class="faint" d={curvePath(TO, GRID, curve)} />
          ))}
          {POINTS.map(({ x, t: target }) => (
            <circle key={x} class="point" cx={TO.x(x)} cy={TO.y(target)} r={2.5} />
          ))}
          <path class="line-6" d={curvePath(TO, GRID, all.mean)} />
          <path class="line-2" d={curvePath(TO, GRID, all.scaled)} />
          <path class="line-3" d={curvePath(TO, GRID, all.unscaled)} />
          {one && <path class="line-4" d={curvePath(TO, GRID, one.curve)} />}
        </Plane>
      }
    >
      <Legend
        names={[
          ["line-6", t(w.average)],
          ["line-2", t(w.scaled)],
          ["line-3", t(w.unscaled)],
          ["line-4", t(w.single)],
        ]}
      />
      <Readings
        of={[
          { name: "gap", label: t(w.gap), value: all.gap, text: formatNumber(all.gap) },
          { name: "unscaledGap", label: t(w.unscaledGap), value: all.unscaledGap },
        ]}
      />
    </Beside>
  );
}

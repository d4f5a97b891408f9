// The figure about linear pieces and their maximum.
import { useSignal } from "@preact/signals";
import { t } from "../../i18n/words.js";
import { Choice } from "../../ui/choice.js";
import { Figure } from "../../ui/figure.js";
import { formatNumber } from "../../ui/format.js";
import { Scrolled } from "../../ui/scrolled.js";
import { Slider } from "../../ui/slider.js";
import {
  type AtPlace,
  EDGE,
  type Fit,
  GRID,
  MaxoutFit,
  TARGETS,
  type TargetName,
  type Unit,
} from "../compute/maxout.js";
import { Beside } from "../parts/beside.js";
import p from "../parts/parts.words.js";
import { Legend, Plane } from "../parts/plane.js";
import { Player } from "../parts/player.js";
import { Prose } from "../parts/prose.js";
import { Readings } from "../parts/readings.js";
import { curvePath, scale } from "../parts/scale.js";
import { useAnswer } from "../parts/use-answer.js";
import { useRun } from "../parts/use-run.js";
import w from "./maxout.words.js";

const TO = scale([-EDGE, EDGE], [-2, 3.2]);
/** Updates between two drawings. */
const AT_ONCE = 5;
const LOOKS = ["line-3", "line-4"] as const;

const heightAt = ({ slope, offset }: Unit["lines"][number], x: number): number => slope * x + offset;

const winnerAt = ({ lines }: Unit, x: number): number =>
  lines.reduce((best, line, i) => (heightAt(line, x) > heightAt(lines[best], x) ? i : best), 0);

/** Where each line is the highest of its unit: from where to where, of those that are so somewhere. */
function stretches(unit: Unit): { readonly piece: number; readonly from: number; readonly to: number }[] {
  const found: { piece: number; from: number; to: number }[] = [];
  for (const x of GRID) {
    const piece = winnerAt(unit, x);
    const last = found.at(-1);
    if (last?.piece === piece) last.to = x;
    else found.push({ piece, from: last?.to ?? x, to: x });
  }
  return found;
}

/** Figure 7: lines that learn to lie so that the highest of them follows a curve. */
export function MaxoutFigure() {
  const [k, target, count] = [useSignal(4), useSignal<TargetName>("square"), useSignal<"one" | "difference">("one")];
  const run = useRun<MaxoutFit, { readonly updates: number; readonly fit: Fit }>(
    {
      make: () => new MaxoutFit(k.value, count.value === "one" ? 1 : 2, target.value),
      look: async (fit) => ({ updates: 0, fit: await fit.look() }),
      step: async (fit, { updates }) => {
        await fit.learn(AT_ONCE);
        return { updates: updates + AT_ONCE, fit: await fit.look() };
      },
    },
    [k.value, target.value, count.value],
  );
  const { fit, updates } = run.result ?? {};
  const place = useSignal(1);
  const here = useAnswer(() => run.own.at(place.value), [run.own, updates, fit, place.value]);
  const move = (x: number) => {
    place.value = Math.round(x * 20) / 20;
  };
  return (
    <Figure
      title={t(p.figure, "7", t(w.title))}
      caption={<Prose text={w.caption} />}
      controls={
        <>
          <Slider label={t(w.k)} value={k.value} min={1} max={8} step={1} onInput={(v) => (k.value = v)} />
          <Choice
            label={t(w.target)}
            value={target.value}
            options={(["square", "abs", "wave"] as const).map((value) => ({ value, text: t(w[value]) }))}
            onChange={(v) => (target.value = v)}
          />
          <Choice
            label={t(w.units)}
            value={count.value}
            options={(["one", "difference"] as const).map((value) => ({ value, text: t(w[value]) }))}
            onChange={(v) => (count.value = v)}
          />
          <Slider label={t(w.place)} value={place.value} min={-EDGE} max={EDGE} step={0.05} onInput={move} />
          <Player run={run} />
        </>
      }
    >
      <Beside
        drawing={
          <Plane to={TO} label={t(w.drawing)} names={["x", "y"]} onPoint={move}>
            <path class="line-6" d={curvePath(TO, GRID, Array.from(GRID, TARGETS[target.value]))} />
            {fit?.units.flatMap(({ lines }, j) =>
              lines.map((line, i) => (
                <path
                  key={`${j}.${i}`}
                  class={LOOKS[j]}
                  d={curvePath(
                    TO,
                    [-EDGE, EDGE],
                    [-EDGE, EDGE].map((x) => heightAt(line, x)),
                  )}
                />
              )),
            )}
            {fit?.units.flatMap((unit, j) =>
              stretches(unit).map(({ piece, from, to }) => (
                <path
                  key={`${j}.${from}`}
                  class={`winner ${LOOKS[j]}`}
                  d={curvePath(
                    TO,
                    [from, to],
                    [from, to].map((x) => heightAt(unit.lines[piece], x)),
                  )}
                />
              )),
            )}
            {fit && count.value === "difference" && <path class="line-1" d={curvePath(TO, GRID, fit.output)} />}
            {here && (
              <g>
                <path class="line-2" d={`M${TO.x(here.x)} ${TO.y(here.output)}V${TO.y(here.wanted)}`} />
                <circle class="dot" cx={TO.x(here.x)} cy={TO.y(here.output)} r={5} />
              </g>
            )}
          </Plane>
        }
      >
        <Legend
          names={[
            ["line-6", t(w.wanted)],
            ["line-3", t(w.pieces)],
            ["winner line-3", t(w.winner)],
            ...(count.value === "difference" ? [["line-1", t(w.output)] as const] : []),
            ["line-2", t(w.error)],
          ]}
        />
        <Readings
          of={[
            { name: "updates", label: t(w.updates), value: updates },
            { name: "cost", label: t(w.cost), value: fit?.cost },
            { name: "winning", label: t(w.winning), value: fit && winning(fit) },
          ]}
        />
      </Beside>
      {here && <Pieces of={here} k={k.value} />}
    </Figure>
  );
}

/** How many of the lines are the highest of their unit somewhere. */
const winning = ({ units }: Fit): number =>
  units.reduce((sum, unit) => sum + new Set(stretches(unit).map(({ piece }) => piece)).size, 0);

/** Each piece at the place, and the gradient that reaches it: 0 for all but the largest of a unit. */
const Pieces = ({ of: { x, pieces }, k }: { readonly of: AtPlace; readonly k: number }) => (
  <Scrolled label={t(w.way, formatNumber(x))}>
    <table class="pieces">
      <caption>{t(w.way, formatNumber(x))}</caption>
      <thead>
        <tr>
          <th scope="col">{t(w.piece)}</th>
          {[w.valueHere, w.slopeGradient, w.offsetGradient].map((text) => (
            <th key={text.en} scope="col">
              {t(text)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {pieces.map(({ value, slope, offset }, i) => {
          const unit = pieces.slice(i - (i % k), i - (i % k) + k);
          const wins = unit.findIndex((one) => one.value === Math.max(...unit.map((u) => u.value))) === i % k;
          return (
            <tr key={`${i}`} class={wins ? "wins" : undefined}>
              <th scope="row">
                {pieces.length > k ? t(w.pieceOf, Math.floor(i / k) + 1, (i % k) + 1) : (i % k) + 1}
                {wins && ` · ${t(w.largest)}`}
              </th>
              {[value, slope, offset].map((number, column) => (
                <td key={`${column}`}>
                  <data data-reading={`${["value", "slope", "offset"][column]}-${i}`} value={String(number)}>
                    {formatNumber(number)}
                  </data>
                </td>
              ))}
            </tr>
          );
        })}
      </tbody>
    </table>
  </Scrolled>
);

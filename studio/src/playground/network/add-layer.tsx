// The button between two columns that adds a layer.
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { KINDS, type KindName, newLayer } from "../../engine/layers.js";
import { misfitOf } from "../../engine/misfit.js";
import { type Text, t } from "../../i18n/words.js";
import { Button } from "../../ui/button.js";
import { Icon } from "../../ui/icon.js";
import uiWords from "../../ui/ui.words.js";
import w from "../playground.words.js";
import { addLayer, frame, isDigits, reports, settings } from "../state.js";
import { adding, focusHead, openLayer } from "./chosen.js";
import kinds from "./kinds.words.js";

const GROUPS: readonly (readonly [name: Text, kinds: readonly KindName[]])[] = [
  [w.groupSums, ["linear", "maxout", "conv2d", "conv1d", "convTranspose2d", "embedding"]],
  [
    w.groupFunctions,
    ["relu", "leakyRelu", "elu", "sigmoid", "tanh", "softplus", "gelu", "silu", "softmax", "logSoftmax"],
  ],
  [w.groupMaps, ["maxPool2d", "avgPool2d", "globalAvgPool2d", "maxoutChannels", "flatten"]],
  [w.groupOthers, ["dropout", "batchNorm1d", "batchNorm2d", "layerNorm"]],
];
const grouped = GROUPS.flatMap(([, kinds]) => kinds);
/** A kind that no group has is offered all the same. */
const rest = (Object.keys(KINDS) as KindName[]).filter((kind) => !grouped.includes(kind));

interface AddLayerProps {
  readonly at: number;
  readonly left: number;
  readonly last: boolean;
}

/** A + between two columns. */
export const AddLayer = ({ at, left, last }: AddLayerProps) => (
  <button
    type="button"
    class={last ? "add end" : "add"}
    id={`add-${at}`}
    style={{ left: `${left}px` }}
    aria-label={t(w.addAt, at + 1)}
    title={t(w.addAt, at + 1)}
    aria-expanded={adding.value === at}
    onClick={() => {
      adding.value = adding.value === at ? undefined : at;
    }}
  >
    <Icon name="plus" />
  </button>
);

/** The kinds of layers to choose from; those that would not fit there are marked. */
export function Adding({ at }: { readonly at: number }) {
  const panel = useRef<HTMLDivElement>(null);
  const told = useSignal<KindName>("linear");
  useEffect(() => panel.current?.querySelector("button")?.focus(), [at]);
  const close = () => {
    adding.value = undefined;
    document.getElementById(`add-${at}`)?.focus();
  };
  const shape = shapeBefore(at);
  const fits = (kind: KindName): boolean =>
    shape === undefined || misfitOf(newLayer(kind), shape.shape, shape.whole) === undefined;
  return (
    <div
      ref={panel}
      class="adding"
      role="dialog"
      aria-label={t(w.addWhat)}
      onKeyDown={(event) => {
        if (event.key === "Escape") {
          // What else is open stays so.
          event.preventDefault();
          return close();
        }
        const chips = [...(panel.current?.querySelectorAll<HTMLElement>(".chip") ?? [])];
        const to = moved(event.key, chips, chips.indexOf(event.target as HTMLElement));
        if (to === undefined) return;
        event.preventDefault();
        to.focus();
      }}
    >
      {[...GROUPS, ...(rest.length > 0 ? [[w.groupOthers, rest] as const] : [])].map(([name, group]) => (
        <div key={name.en} class="group">
          <strong>{t(name)}</strong>
          <div>
            {group.map((kind) => (
              <button
                key={kind}
                type="button"
                class={fits(kind) ? "chip" : "chip misfits"}
                aria-describedby="what-layer"
                onFocus={() => (told.value = kind)}
                onPointerEnter={() => (told.value = kind)}
                onClick={() => {
                  adding.value = undefined;
                  openLayer.value = undefined;
                  addLayer(kind, at);
                  focusHead(at);
                }}
              >
                {kind}
              </button>
            ))}
          </div>
        </div>
      ))}
      <p class="quiet" id="what-layer">
        <strong>{told.value}</strong> {t(kinds[told.value])}
        {!fits(told.value) && ` ${t(kinds.misfits)}`}
      </p>
      <Button kind="small" icon="close" label={t(uiWords.close)} onClick={close} />
    </div>
  );
}

/** Where a key leads from one of the kinds: to the next, to the nearest in the line above or below, to an end. */
function moved(key: string, kinds: readonly HTMLElement[], at: number): HTMLElement | undefined {
  if (key === "Home") return kinds[0];
  if (key === "End") return kinds.at(-1);
  const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 1, ArrowUp: -1 }[key];
  if (step === undefined) return undefined;
  if (at < 0) return kinds[0];
  const around = kinds[(at + step + kinds.length) % kinds.length];
  if (key === "ArrowRight" || key === "ArrowLeft") return around;
  const [here, ...boxes] = [kinds[at], ...kinds].map((kind) => kind.getBoundingClientRect());
  const beyond = kinds.filter((_, i) => step * (boxes[i].top - here.top) > here.height / 2);
  const distance = (kind: HTMLElement): number => {
    const { top, left } = kind.getBoundingClientRect();
    // Lines come before places in them.
    return 1e4 * Math.round(Math.abs(top - here.top)) + Math.abs(left - here.left);
  };
  return beyond.length === 0 ? around : beyond.reduce((best, kind) => (distance(kind) < distance(best) ? kind : best));
}

/** What a layer at a place would get. */
function shapeBefore(at: number): { readonly shape: readonly number[]; readonly whole: boolean } | undefined {
  const { input } = settings.value;
  const whole = input === "levels" && !settings.value.layers.slice(0, at).some(({ kind }) => kind === "embedding");
  if (at === 0)
    return {
      shape: isDigits.value ? [1, 28, 28] : [frame.value?.inputs?.all ?? settings.value.features.length],
      whole,
    };
  const shape = reports.value[at - 1]?.shape;
  return shape && { shape, whole };
}

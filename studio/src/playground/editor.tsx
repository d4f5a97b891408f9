import { signal } from "@preact/signals";
import { KINDS, type KindName, type LayerSpec, type Setting, settingsOf } from "../engine/layers.js";
import type { LayerReport } from "../engine/network.js";
import { t } from "../i18n/words.js";
import { Button } from "../ui/button.js";
import { Choice } from "../ui/choice.js";
import { NumberField } from "../ui/number-field.js";
import w from "./playground.words.js";
import { addLayer, moveLayer, removeLayer, reports, setLayer, settings } from "./state.js";

const kinds = Object.keys(KINDS) as KindName[];
const chosen = signal<KindName>("linear");
/** The layer that is being dragged, and the one in whose place it would be put. */
const dragged = signal<number | undefined>(undefined);
const target = signal<number | undefined>(undefined);

/** The network's layers: to add, drag, move by the keyboard, change and remove. */
export function Editor() {
  return (
    <section class="panel editor" aria-labelledby="network">
      <h2 id="network">{t(w.network)}</h2>
      <ol aria-label={t(w.layers)}>
        {settings.value.layers.map((layer, i) => (
          <Layer key={`${i} ${layer.kind}`} at={i} layer={layer} report={reports.value[i]} />
        ))}
      </ol>
      <div class="controls">
        <Choice
          label={t(w.newLayer)}
          value={chosen.value}
          options={kinds.map((value) => ({ value, text: value }))}
          onChange={(value) => {
            chosen.value = value;
          }}
        />
        <Button onClick={() => addLayer(chosen.value)}>{t(w.add)}</Button>
      </div>
    </section>
  );
}

interface LayerProps {
  readonly at: number;
  readonly layer: LayerSpec;
  readonly report: LayerReport | undefined;
}

function Layer({ at, layer, report }: LayerProps) {
  const from = dragged.value;
  const marks = [report?.error !== undefined && "wrong", target.value === at && from !== at && "target"];
  return (
    <li
      class={["layer", ...marks.filter(Boolean)].join(" ")}
      onDragOver={(event) => {
        if (from === undefined) return;
        event.preventDefault();
        target.value = at;
      }}
      onDrop={(event) => {
        event.preventDefault();
        if (from !== undefined) moveLayer(from, at);
      }}
    >
      <div class="controls">
        <Handle at={at} kind={layer.kind} />
        {Object.entries(settingsOf(layer.kind)).map(([name, setting]) => (
          <SettingField key={name} at={at} name={name} setting={setting} value={layer.values[name]} />
        ))}
        <Button kind="small" label={t(w.earlier, at + 1)} onClick={() => moveLayer(at, at - 1)} disabled={at === 0}>
          ↑
        </Button>
        <Button
          kind="small"
          label={t(w.later, at + 1)}
          onClick={() => moveLayer(at, at + 1)}
          disabled={at === settings.value.layers.length - 1}
        >
          ↓
        </Button>
        <Button kind="small" label={t(w.remove, at + 1)} onClick={() => removeLayer(at)}>
          ×
        </Button>
      </div>
      {report?.error !== undefined ? (
        <p class="error" role="alert">
          {t(w.misfit)} <span lang="en">{report.error}</span>
        </p>
      ) : (
        report?.shape && <p class="quiet">{t(w.gives, `[${report.shape.join(", ")}]`, report.parameters ?? 0)}</p>
      )}
    </li>
  );
}

/** What a layer is taken by, with the mouse or the keyboard. */
function Handle({ at, kind }: { readonly at: number; readonly kind: KindName }) {
  return (
    <button
      type="button"
      class="button handle"
      id={`layer-${at}`}
      draggable
      aria-label={t(w.handle, at + 1, kind)}
      onDragStart={({ dataTransfer }) => {
        // Some browsers drag nothing that has no data.
        dataTransfer?.setData("text/plain", kind);
        dragged.value = at;
      }}
      onDragEnd={() => {
        dragged.value = target.value = undefined;
      }}
      onKeyDown={(event) => {
        const by = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1 }[event.key];
        if (by !== undefined) {
          event.preventDefault();
          moveLayer(at, at + by);
          focusHandle(at + by);
        }
        if (event.key === "Delete") {
          removeLayer(at);
          focusHandle(at);
        }
      }}
    >
      <span aria-hidden="true">⠿ </span>
      {kind}
    </button>
  );
}

/** Focus goes with the layer, once its new place is rendered. */
const focusHandle = (at: number): void =>
  void requestAnimationFrame(() => document.getElementById(`layer-${at}`)?.focus());

interface SettingFieldProps {
  readonly at: number;
  readonly name: string;
  readonly setting: Setting;
  readonly value: number | string;
}

const text = (name: string): string => t(w[name as "units"]);

const SettingField = ({ at, name, setting, value }: SettingFieldProps) =>
  "choices" in setting ? (
    <Choice
      label={text(name)}
      value={String(value)}
      options={setting.choices.map((choice) => ({ value: choice, text: text(choice) }))}
      onChange={(next) => setLayer(at, name, next)}
    />
  ) : (
    <NumberField
      label={text(name)}
      value={Number(value)}
      min={setting.least}
      max={setting.most}
      step={setting.step}
      onChange={(next) => setLayer(at, name, next)}
    />
  );

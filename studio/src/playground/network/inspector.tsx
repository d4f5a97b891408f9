import { useEffect } from "preact/hooks";
import { type Setting, settingsOf } from "../../engine/layers.js";
import { t } from "../../i18n/words.js";
import { Button } from "../../ui/button.js";
import { Choice } from "../../ui/choice.js";
import { Dial } from "../../ui/dial.js";
import { formatCount } from "../../ui/format.js";
import w from "../playground.words.js";
import { inspected, moveLayer, removeLayer, reports, setLayer, settings } from "../state.js";
import { focusHead, openLayer } from "./chosen.js";
import { Close, closeInspector } from "./close.js";
import { UnitFormula } from "./unit-formula.js";

/** What is pressed: a layer's settings, or a unit's formula. Nothing is there while nothing is pressed. */
export function Inspector() {
  const at = openLayer.value;
  const layer = at === undefined ? undefined : settings.value.layers[at];
  useEffect(() => {
    addEventListener("keydown", closeByKey);
    return () => removeEventListener("keydown", closeByKey);
  }, []);
  if (at !== undefined && layer !== undefined) return <LayerSettings at={at} />;
  if (inspected.value === undefined) return <p class="quiet hint">{t(w.networkHint)}</p>;
  return <UnitFormula at={inspected.value} />;
}

function closeByKey({ key, target, defaultPrevented }: KeyboardEvent): void {
  const isHere = target instanceof Element && target.closest(".network, .inspector") !== null;
  if (key === "Escape" && isHere && !defaultPrevented) closeInspector();
}

function LayerSettings({ at }: { readonly at: number }) {
  const { layers } = settings.value;
  const { kind, values } = layers[at];
  const report = reports.value[at];
  const move = (to: number) => {
    openLayer.value = to;
    moveLayer(at, to);
  };
  return (
    <section class="inspector" aria-labelledby="inspected">
      <header>
        <h3 id="inspected">{t(w.layerOf, at + 1, kind)}</h3>
        {report?.shape && (
          <span class="quiet">{t(w.gives, `[${report.shape.join(", ")}]`, formatCount(report.parameters ?? 0))}</span>
        )}
        <Close />
      </header>
      <div class="fields">
        {Object.entries(settingsOf(kind)).map(([name, setting]) => (
          <SettingField key={name} at={at} name={name} setting={setting} value={values[name]} />
        ))}
        <span class="buttons">
          <Button kind="small" icon="left" label={t(w.earlier)} onClick={() => move(at - 1)} disabled={at === 0} />
          <Button
            kind="small"
            icon="right"
            label={t(w.later)}
            onClick={() => move(at + 1)}
            disabled={at === layers.length - 1}
          />
          <Button
            kind="small"
            icon="remove"
            label={t(w.remove, at + 1)}
            onClick={() => {
              openLayer.value = undefined;
              removeLayer(at);
              focusHead(Math.max(0, at - 1));
            }}
          />
        </span>
      </div>
    </section>
  );
}

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
    <Dial label={text(name)} value={Number(value)} scale={setting} onChange={(next) => setLayer(at, name, next)} />
  );

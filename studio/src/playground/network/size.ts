import { type LayerSpec, type NumberSetting, settingsOf } from "../../engine/layers.js";

/** The setting that says how many units or channels a layer has; undefined of layers that have none. */
export function sizeOf({
  kind,
  values,
}: LayerSpec): { readonly name: string; readonly setting: NumberSetting; readonly value: number } | undefined {
  const settings = settingsOf(kind);
  for (const name of ["units", "channels", "features"]) {
    const setting = settings[name];
    if (setting !== undefined && "least" in setting) return { name, setting, value: Number(values[name]) };
  }
  return undefined;
}

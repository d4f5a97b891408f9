import { t } from "../../i18n/words.js";
import { Button } from "../../ui/button.js";
import w from "../playground.words.js";
import { inspected, inspectUnit } from "../state.js";
import { chosenLine, openLayer } from "./chosen.js";

/** Back to nothing pressed. The focus goes back to what was. */
export function closeInspector(): void {
  const [layer, unit] = [openLayer.peek(), inspected.peek()];
  const pressed = layer === undefined ? unit && `unit-${unit.layer}-${unit.unit}` : `layer-${layer}`;
  if (pressed === undefined) return;
  openLayer.value = undefined;
  chosenLine.value = undefined;
  inspectUnit(undefined);
  document.getElementById(pressed)?.focus();
}

export const Close = () => <Button kind="small" icon="close" label={t(w.closeInspector)} onClick={closeInspector} />;

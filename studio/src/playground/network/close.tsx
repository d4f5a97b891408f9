import { t } from "../../i18n/words.js";
import { Button } from "../../ui/button.js";
import w from "../playground.words.js";
import { inspectUnit } from "../state.js";
import { chosenLine, openLayer } from "./chosen.js";

/** Back to nothing pressed. */
export const Close = () => (
  <Button
    kind="small"
    icon="close"
    label={t(w.closeInspector)}
    onClick={() => {
      openLayer.value = undefined;
      chosenLine.value = undefined;
      inspectUnit(undefined);
    }}
  />
);

import { t } from "../../i18n/words.js";
import { Button } from "../../ui/button.js";
import w from "./parts.words.js";
import type { Run } from "./use-run.js";

/** Play or pause, one step, and from the beginning. */
export const Player = ({
  run,
}: {
  readonly run: Pick<Run<unknown, unknown>, "playing" | "setPlaying" | "step" | "reset">;
}) => (
  <>
    <Button kind="main" onClick={() => run.setPlaying(!run.playing)}>
      {t(run.playing ? w.pause : w.play)}
    </Button>
    <Button disabled={run.playing} onClick={run.step}>
      {t(w.step)}
    </Button>
    <Button onClick={run.reset}>{t(w.reset)}</Button>
  </>
);

// The buttons by which a reader moves a figure on.
import { type Text, t } from "../../i18n/words.js";
import { Button } from "../../ui/button.js";
import w from "./parts.words.js";
import type { Run } from "./use-run.js";

interface PlayerProps {
  readonly run: Pick<Run<unknown, unknown>, "playing" | "setPlaying" | "step" | "reset">;
  /** What a step is called. */
  readonly step?: Text;
}

/** Play or pause, and one step. */
export const PlayOrStep = ({ run, step = w.step }: PlayerProps) => (
  <>
    <Button kind="main" onClick={() => run.setPlaying(!run.playing)}>
      {t(run.playing ? w.pause : w.play)}
    </Button>
    <Button disabled={run.playing} onClick={run.step}>
      {t(step)}
    </Button>
  </>
);

/** The same, and from the beginning. */
export const Player = (props: PlayerProps) => (
  <>
    <PlayOrStep {...props} />
    <Button onClick={props.run.reset}>{t(w.reset)}</Button>
  </>
);

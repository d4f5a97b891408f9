import { useEffect, useRef } from "preact/hooks";
import { Paper } from "../../../examples/draw-a-digit/src/paper.js";
import { pictureOf } from "../../../examples/draw-a-digit/src/picture.js";
import { SAMPLES } from "../../../examples/draw-a-digit/src/samples.js";
import { t } from "../i18n/words.js";
import { Button } from "../ui/button.js";
import { Figure } from "../ui/figure.js";
import { formatPercent } from "../ui/format.js";
import w from "./playground.words.js";
import { draw, frame } from "./state.js";

/** Paper for a digit, and what the network takes it for. */
export function Pad() {
  const canvas = useRef<HTMLCanvasElement>(null);
  const paper = useRef<Paper | undefined>(undefined);
  const next = useRef(3);
  useEffect(() => {
    if (canvas.current === null) return;
    const made = new Paper(canvas.current, (strokes) => {
      draw(strokes.length === 0 ? new Float32Array(28 * 28) : pictureOf(strokes));
    });
    paper.current = made;
    // Something to look at before anything is drawn.
    made.show(SAMPLES[2]);
  }, []);
  const controls = (
    <>
      <Button onClick={() => paper.current?.show([])}>{t(w.clear)}</Button>
      <Button onClick={() => paper.current?.show(SAMPLES[next.current++ % SAMPLES.length])}>{t(w.sample)}</Button>
    </>
  );
  return (
    <Figure title={t(w.paper)} controls={controls} caption={t(w.noAnswer)}>
      <canvas ref={canvas} class="pad" width={280} height={280} role="img" aria-label={t(w.paperLabel)} />
      <Answer />
    </Figure>
  );
}

function Answer() {
  const shares = frame.value?.shares;
  if (shares === undefined) return null;
  const best = shares.indexOf(Math.max(...shares));
  return (
    <>
      <p>
        <output id="answer">{t(w.answer, best, formatPercent(shares[best]))}</output>
      </p>
      <ol class="shares" start={0}>
        {shares.map((share, digit) => (
          <li key={digit}>
            {digit} <meter aria-label={t(w.share, digit)} value={share} />
          </li>
        ))}
      </ol>
    </>
  );
}

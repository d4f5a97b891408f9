// A pad for drawing a digit, and what the network predicts.
import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Paper } from "../../../examples/draw-a-digit/src/paper.js";
import { pictureOf } from "../../../examples/draw-a-digit/src/picture.js";
import { SAMPLES } from "../../../examples/draw-a-digit/src/samples.js";
import { t } from "../i18n/words.js";
import { Button } from "../ui/button.js";
import { formatPercent } from "../ui/format.js";
import { Name } from "../ui/name.js";
import { cameraOn } from "./camera.js";
import w from "./playground.words.js";
import { draw, frame, nameOfClass, own, run, settings } from "./state.js";

const next = signal(3);

/** Paper for a digit, and what the network takes it for. */
export function Pad() {
  const canvas = useRef<HTMLCanvasElement>(null);
  const paper = useRef<Paper | undefined>(undefined);
  useEffect(() => {
    if (canvas.current === null) return;
    const made = new Paper(canvas.current, (strokes) => {
      draw(strokes.length === 0 ? new Float32Array(28 * 28) : pictureOf(strokes));
    });
    paper.current = made;
    // Something to look at before anything is drawn; of pictures of a reader's own there is no example.
    made.show(run.peek().settings.data === "pictures" ? [] : SAMPLES[2]);
  }, []);
  const isOwn = settings.value.data === "pictures";
  // While the camera looks, what it sees is what the network answers to.
  const looks = isOwn && cameraOn.value;
  return (
    <figure class="panel plane" aria-labelledby="paper">
      <h2 id="paper">{t(looks ? w.paperCamera : isOwn ? w.paperOwn : w.paper)}</h2>
      <div class="pad-view">
        <canvas
          ref={canvas}
          class="pad"
          width={280}
          height={280}
          role="img"
          aria-label={t(w.paperLabel)}
          hidden={looks}
        />
        <Shares />
      </div>
      <Answer />
      <figcaption hidden={looks}>
        <Button onClick={() => paper.current?.show([])}>{t(w.clear)}</Button>
        {!isOwn && (
          <Button onClick={() => paper.current?.show(SAMPLES[next.value++ % SAMPLES.length])}>{t(w.sample)}</Button>
        )}
      </figcaption>
    </figure>
  );
}

function Answer() {
  const shares = frame.value?.shares;
  if (shares === undefined) return <p class="quiet">{t(w.noAnswer)}</p>;
  const best = shares.indexOf(Math.max(...shares));
  return (
    <p>
      <output id="answer">
        {t(own.value?.classes === undefined ? w.answer : w.answerOwn, nameOfClass(best), formatPercent(shares[best]))}
      </output>
    </p>
  );
}

function Shares() {
  const shares = frame.value?.shares;
  if (shares === undefined) return null;
  return (
    <ol class="shares" start={0}>
      {shares.map((share, label) => (
        <li key={label}>
          <Name of={nameOfClass(label)} /> <meter aria-label={t(w.shareOf, nameOfClass(label))} value={share} />
        </li>
      ))}
    </ol>
  );
}

// The note on mini batch: its text, figures and questions.
import { Formula } from "../../ui/formula.js";
import { DescentFigure } from "../figures/descent.js";
import { openChapter } from "../parts/open.js";
import { Prose } from "../parts/prose.js";
import { Shown } from "../parts/shown.js";
import w from "./mini-batch.words.js";

const MiniBatch = () => (
  <Shown figure={<DescentFigure aspect="batches" />}>
    <Prose text={w.what} />
    <Formula block tex={String.raw`w \leftarrow w - \frac{\eta}{|B|} \sum_{i \in B} \frac{\partial L_i}{\partial w}`} />
    <Prose text={w.epoch} />
    <Prose text={w.size} />
  </Shown>
);

openChapter("mini-batch", MiniBatch);

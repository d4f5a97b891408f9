// The note on gradient descent: its text, figures and questions.
import { Formula } from "../../ui/formula.js";
import { DescentFigure } from "../figures/descent.js";
import { openChapter } from "../parts/open.js";
import { Prose } from "../parts/prose.js";
import { Shown } from "../parts/shown.js";
import w from "./gradient-descent.words.js";

const GradientDescent = () => (
  <Shown figure={<DescentFigure aspect="descent" />}>
    <Prose text={w.down} />
    <Formula
      block
      tex={String.raw`w \leftarrow w - \eta \frac{\partial J}{\partial w}, \qquad b \leftarrow b - \eta \frac{\partial J}{\partial b}`}
    />
    <Prose text={w.local} />
    <Prose text={w.rate} />
  </Shown>
);

openChapter("gradient-descent", GradientDescent);

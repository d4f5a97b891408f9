// The note on gradient descent: its text, figures and questions.
import { Formula } from "../../ui/formula.js";
import { DescentFigure } from "../figures/descent.js";
import { openChapter } from "../parts/open.js";
import p from "../parts/parts.words.js";
import { Prose } from "../parts/prose.js";
import w from "./gradient-descent.words.js";

const GradientDescent = () => (
  <>
    <Prose text={w.down} />
    <Formula
      block
      tex={String.raw`w \leftarrow w - \eta \frac{\partial J}{\partial w}, \qquad b \leftarrow b - \eta \frac{\partial J}{\partial b}`}
    />
    <Prose text={w.local} />
    <Prose text={w.rate} />
    <Prose as="h2" text={p.tryIt} />
    <DescentFigure aspect="descent" />
  </>
);

openChapter("gradient-descent", GradientDescent);

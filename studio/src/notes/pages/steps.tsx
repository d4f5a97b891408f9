// The note on steps: its text, figures and questions.
import { Formula } from "../../ui/formula.js";
import { StepsFigure } from "../figures/steps.js";
import { openChapter } from "../parts/open.js";
import { Prose } from "../parts/prose.js";
import { Shown } from "../parts/shown.js";
import w from "./steps.words.js";

const Steps = () => (
  <Shown figure={<StepsFigure />}>
    <Prose text={w.three} />
    <Prose text={w.before} />
    <Formula
      block
      tex={String.raw`J(\theta) = \frac{1}{m} \sum_{i=1}^{m} L\!\left(y_i, \hat{y}_i\right), \qquad \theta^{*} = \arg\min_{\theta} J(\theta)`}
    />
    <Prose text={w.loop} />
  </Shown>
);

openChapter("steps", Steps);

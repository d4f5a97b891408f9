// The note on activation: its text, figures and questions.
import { Formula } from "../../ui/formula.js";
import { Question } from "../answers/question.js";
import { ActivationFigure } from "../figures/activation.js";
import { openChapter } from "../parts/open.js";
import { Prose } from "../parts/prose.js";
import { Topic } from "../parts/topic.js";
import w from "./activation.words.js";

const Activation = () => (
  <>
    <Prose text={w.intro} />
    <Topic margin={<Question text={w.exponential} experiment="sigmoid-cost" />}>
      <Prose as="h2" text={w.sigmoidTitle} />
      <Formula
        block
        tex={String.raw`\sigma(z) = \frac{1}{1 + e^{-z}}, \qquad \sigma'(z) = \sigma(z)\,\bigl(1 - \sigma(z)\bigr)`}
      />
      <Prose text={w.sigmoid} />
      <ActivationFigure name="sigmoid" />
    </Topic>
    <Topic margin={<Question text={w.negative} experiment="relu-negative-half" />}>
      <Prose as="h2" text={w.reluTitle} />
      <Formula
        block
        tex={String.raw`f(x) = \max(0, x), \qquad f'(x) = \begin{cases} 0, & x < 0 \\ 1, & x > 0 \end{cases}`}
      />
      <Prose text={w.relu} />
      <ActivationFigure name="relu" />
    </Topic>
    <Prose as="h2" text={w.leakyTitle} />
    <Formula block tex={String.raw`f(x) = \max(s x, x), \qquad 0 < s < 1`} />
    <Prose text={w.leaky} />
    <ActivationFigure name="leakyRelu" />
    <Prose as="h2" text={w.eluTitle} />
    <Formula block tex={String.raw`f(x) = \begin{cases} \alpha\,(e^{x} - 1), & x < 0 \\ x, & x \ge 0 \end{cases}`} />
    <Prose text={w.elu} />
    <ActivationFigure name="elu" />
  </>
);

openChapter("activation", Activation);

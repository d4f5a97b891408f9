// The note on dropout: its text, figures and questions.
import { Formula } from "../../ui/formula.js";
import { Question } from "../answers/question.js";
import { DropoutFigure } from "../figures/dropout.js";
import { EveryFigure, TogetherFigure, useEnsemble } from "../figures/ensemble.js";
import { openChapter } from "../parts/open.js";
import p from "../parts/parts.words.js";
import { Prose } from "../parts/prose.js";
import { Topic } from "../parts/topic.js";
import w from "./dropout.words.js";

function Dropout() {
  const networks = useEnsemble();
  return (
    <>
      <Prose text={w.what} />
      <Topic margin={<Question text={w.accuracy} experiment="dropout-accuracy" />}>
        <Prose as="h2" text={w.whyTitle} />
        <Prose text={w.fit} />
        <Prose text={w.cost} />
        <Prose as="h2" text={p.tryIt} />
        <DropoutFigure />
      </Topic>
      <Topic margin={<Question text={w.really} experiment="dropout-ensemble" />}>
        <Prose as="h2" text={w.ensembleTitle} />
        <Prose text={w.ensemble} />
        <EveryFigure of={networks} />
      </Topic>
      <Topic margin={<Question text={w.why} experiment="dropout-scaling" />}>
        <Prose as="h2" text={w.scaleTitle} />
        <Prose text={w.scale} />
        <Formula block tex={String.raw`\mathbb{E}_{m}\Bigl[\sum_j w_j\, m_j\, a_j\Bigr] = (1 - p) \sum_j w_j\, a_j`} />
        <Formula block tex={String.raw`m_j \sim \text{Bernoulli}(1 - p)`} />
        <Prose text={w.inverted} />
        <TogetherFigure of={networks} />
      </Topic>
    </>
  );
}

openChapter("dropout", Dropout);

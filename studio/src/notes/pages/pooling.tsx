// The note on pooling: its text, figures and questions.
import { Formula } from "../../ui/formula.js";
import { Question } from "../answers/question.js";
import { PoolingFigure } from "../figures/pooling.js";
import { openChapter } from "../parts/open.js";
import p from "../parts/parts.words.js";
import { Prose } from "../parts/prose.js";
import { Topic } from "../parts/topic.js";
import w from "./pooling.words.js";

const Pooling = () => (
  <>
    <Topic
      margin={
        <>
          <Question text={w.like} experiment="pooling-maxout" />
          <Question text={w.how} experiment="pooling-invariance" />
        </>
      }
    >
      <Prose text={w.what} />
      <Formula block tex={String.raw`y_{i,j} = \max_{0 \le m,\,n < k} x_{k i + m,\; k j + n}`} />
      <Prose text={w.maxout} />
      <Prose text={w.invariance} />
      <Prose as="h2" text={p.tryIt} />
      <PoolingFigure />
    </Topic>
  </>
);

openChapter("pooling", Pooling);

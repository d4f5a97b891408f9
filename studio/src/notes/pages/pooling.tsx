import { Formula } from "../../ui/formula.js";
import { PoolingFigure } from "../figures/pooling.js";
import { Answers } from "../parts/answers.js";
import { openChapter } from "../parts/open.js";
import p from "../parts/parts.words.js";
import { Prose } from "../parts/prose.js";
import { Question } from "../parts/question.js";
import w from "./pooling.words.js";

const Pooling = () => (
  <>
    <Prose text={w.what} />
    <Formula block tex={String.raw`y_{i,j} = \max_{0 \le m,\,n < k} x_{k i + m,\; k j + n}`} />
    <Prose text={w.maxout} />
    <Question text={w.like} />
    <Prose text={w.invariance} />
    <Prose as="h2" text={p.tryIt} />
    <PoolingFigure />
    <Question text={w.how} />
    <Answers of={["pooling-maxout", "pooling-invariance"]} />
  </>
);

openChapter("pooling", Pooling);

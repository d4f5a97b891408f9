import { Formula } from "../../ui/formula.js";
import { MaxoutFigure } from "../figures/maxout.js";
import { Answers } from "../parts/answers.js";
import { openChapter } from "../parts/open.js";
import p from "../parts/parts.words.js";
import { Prose } from "../parts/prose.js";
import { Question } from "../parts/question.js";
import w from "./maxout.words.js";

const Maxout = () => (
  <>
    <Prose text={w.unit} />
    <Formula
      block
      tex={String.raw`f(\mathbf{x}) = \max_{i = 1, \dots, k} \left(\mathbf{w}_i \cdot \mathbf{x} + b_i\right)`}
    />
    <Prose text={w.learned} />
    <Prose text={w.group} />
    <Question text={w.neighbours} />
    <Prose as="h2" text={p.tryIt} />
    <MaxoutFigure />
    <Answers of={["maxout-neighbours"]} />
  </>
);

openChapter("maxout", Maxout);

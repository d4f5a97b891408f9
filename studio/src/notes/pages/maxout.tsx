// The note on maxout: its text, figures and questions.
import { Formula } from "../../ui/formula.js";
import { Question } from "../answers/question.js";
import { MaxoutFigure } from "../figures/maxout.js";
import { openChapter } from "../parts/open.js";
import p from "../parts/parts.words.js";
import { Prose } from "../parts/prose.js";
import { Topic } from "../parts/topic.js";
import w from "./maxout.words.js";

const Maxout = () => (
  <>
    <Topic margin={<Question text={w.neighbours} experiment="maxout-neighbours" />}>
      <Prose text={w.unit} />
      <Formula
        block
        tex={String.raw`f(\mathbf{x}) = \max_{i = 1, \dots, k} \left(\mathbf{w}_i \cdot \mathbf{x} + b_i\right)`}
      />
      <Prose text={w.learned} />
      <Prose text={w.group} />
      <Prose as="h2" text={p.tryIt} />
      <MaxoutFigure />
    </Topic>
  </>
);

openChapter("maxout", Maxout);

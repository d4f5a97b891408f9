// The note on convolution: its text, figures and questions.
import { Formula } from "../../ui/formula.js";
import { Question } from "../answers/question.js";
import { DiceFigure } from "../figures/dice.js";
import { KernelFigure } from "../figures/kernel.js";
import { SharingFigure } from "../figures/sharing.js";
import { SlidingFigure } from "../figures/sliding.js";
import { openChapter } from "../parts/open.js";
import p from "../parts/parts.words.js";
import { Prose } from "../parts/prose.js";
import { Topic } from "../parts/topic.js";
import w from "./convolution.words.js";

const Convolution = () => (
  <>
    <Prose text={w.integral} />
    <Formula block tex={String.raw`s(t) = (x * w)(t) = \int x(a)\, w(t - a)\, \mathrm{d}a`} />
    <Prose text={w.chance} />
    <Prose as="h2" text={p.tryIt} />
    <div class="side">
      <SlidingFigure />
      <DiceFigure />
    </div>
    <Topic margin={<Question text={w.called} experiment="flip-or-not" />}>
      <Prose as="h2" text={w.imageTitle} />
      <Prose text={w.image} />
      <Formula block tex={String.raw`(I * K)(i, j) = \sum_{m} \sum_{n} I(i - m,\, j - n)\, K(m, n)`} />
      <Prose text={w.correlation} />
      <Formula block tex={String.raw`(I \otimes K)(i, j) = \sum_{m} \sum_{n} I(i + m,\, j + n)\, K(m, n)`} />
      <Prose text={w.both} />
      <KernelFigure />
    </Topic>
    <Topic margin={<Question text={w.which} experiment="permuted-pixels" />}>
      <Prose as="h2" text={w.useTitle} />
      <Prose text={w.use} />
      <Prose text={w.limits} />
      <SharingFigure />
    </Topic>
  </>
);

openChapter("convolution", Convolution);

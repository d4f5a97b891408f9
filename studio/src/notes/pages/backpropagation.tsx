// The note on backpropagation: its text, figures and questions.
import { Formula } from "../../ui/formula.js";
import { ChainFigure } from "../figures/chain.js";
import { openChapter } from "../parts/open.js";
import { Prose } from "../parts/prose.js";
import { Shown } from "../parts/shown.js";
import w from "./backpropagation.words.js";

const Backpropagation = () => (
  <Shown figure={<ChainFigure />}>
    <Prose text={w.why} />
    <Prose text={w.local} />
    <Prose text={w.chain} />
    <Formula
      block
      tex={String.raw`\frac{\partial C}{\partial w} = \sum_{P \,:\, w \to C} \;\; \prod_{(u \to v) \,\in\, P} \frac{\partial v}{\partial u}`}
    />
    <Prose text={w.back} />
  </Shown>
);

openChapter("backpropagation", Backpropagation);

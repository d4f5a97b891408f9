// The note on regularization: its text, figures and questions.
import { Formula } from "../../ui/formula.js";
import { DescentFigure } from "../figures/descent.js";
import { OverfitFigure } from "../figures/overfit.js";
import { openChapter } from "../parts/open.js";
import { Prose } from "../parts/prose.js";
import { Shown } from "../parts/shown.js";
import w from "./regularization.words.js";

const Regularization = () => (
  <>
    <Shown figure={<OverfitFigure />}>
      <Prose text={w.over} />
    </Shown>
    <Shown figure={<DescentFigure aspect="penalty" />} heading={false}>
      <Prose as="h2" text={w.penalty} />
      <Prose text={w.what} />
      <Formula block tex={String.raw`J'(w) = J(w) + \lambda\, g(w)`} />
      <Formula block tex={String.raw`g(w) = \lVert w \rVert_1, \qquad g(w) = \lVert w \rVert_2^2`} />
      <Prose text={w.gradient} />
      <Prose text={w.lambda} />
    </Shown>
  </>
);

openChapter("regularization", Regularization);

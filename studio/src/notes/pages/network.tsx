// The note on network: its text, figures and questions.
import { Formula } from "../../ui/formula.js";
import { NetworkFigure } from "../figures/network.js";
import { openChapter } from "../parts/open.js";
import { Prose } from "../parts/prose.js";
import { Shown } from "../parts/shown.js";
import w from "./network.words.js";

const Network = () => (
  <Shown figure={<NetworkFigure />}>
    <Prose text={w.unit} />
    <Prose text={w.layer} />
    <Formula
      block
      tex={String.raw`\mathbf{a}^{(l)} = \sigma\!\left(W^{(l)} \mathbf{a}^{(l-1)} + \mathbf{b}^{(l)}\right)`}
    />
    <Prose text={w.bend} />
  </Shown>
);

openChapter("network", Network);

// The note on network: its text, figures and questions.
import { Formula } from "../../ui/formula.js";
import { NetworkFigure } from "../figures/network.js";
import { openChapter } from "../parts/open.js";
import p from "../parts/parts.words.js";
import { Prose } from "../parts/prose.js";
import w from "./network.words.js";

const Network = () => (
  <>
    <Prose text={w.unit} />
    <Prose text={w.layer} />
    <Formula
      block
      tex={String.raw`\mathbf{a}^{(l)} = \sigma\!\left(W^{(l)} \mathbf{a}^{(l-1)} + \mathbf{b}^{(l)}\right)`}
    />
    <Prose text={w.bend} />
    <Prose as="h2" text={p.tryIt} />
    <NetworkFigure />
  </>
);

openChapter("network", Network);

// A part of a note with the figure that shows it.
import type { ComponentChildren } from "preact";
import p from "./parts.words.js";
import { Prose } from "./prose.js";

interface ShownProps {
  readonly children: ComponentChildren;
  readonly figure: ComponentChildren;
  /** Whether the figure has a heading of its own: there the reader may act; default yes. */
  readonly heading?: boolean;
}

/** Text and the figure that shows it: beside it in a wide window, else behind it. */
export const Shown = ({ children, figure, heading = true }: ShownProps) => (
  <section class="shown">
    <div class="text">{children}</div>
    <div class="drawn">
      {heading && <Prose as="h2" text={p.tryIt} />}
      {figure}
    </div>
  </section>
);

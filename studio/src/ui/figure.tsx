// The frame of a figure: title, controls and caption.
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { Scrolled } from "./scrolled.js";

interface FigureProps {
  /** Its title, which also names it for screen readers. */
  readonly title: ComponentChildren;
  readonly children: ComponentChildren;
  /** What to change in it. */
  readonly controls?: ComponentChildren;
  /** What it shows, in a sentence or two. */
  readonly caption?: ComponentChildren;
}

/** A picture that answers: title, controls, what is drawn, and what it means. */
export function Figure({ title, children, controls, caption }: FigureProps) {
  const id = useId();
  return (
    <figure class="figure" aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      {controls !== undefined && <div class="controls">{controls}</div>}
      <Scrolled labelledBy={id}>{children}</Scrolled>
      {caption !== undefined && <figcaption>{caption}</figcaption>}
    </figure>
  );
}

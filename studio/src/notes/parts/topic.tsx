// A part of a note with the questions that it raises.
import type { ComponentChildren } from "preact";

interface TopicProps {
  readonly children: ComponentChildren;
  /** The questions that its text raises. */
  readonly margin: ComponentChildren;
}

/** A part of a note with questions: beside it where there is room for a margin, else behind it. */
export const Topic = ({ children, margin }: TopicProps) => (
  <section class="topic">
    <div class="text">{children}</div>
    <div class="margin">{margin}</div>
  </section>
);

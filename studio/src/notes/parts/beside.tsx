// A drawing with its legend and its numbers beside it.
import type { ComponentChildren } from "preact";

interface BesideProps {
  readonly drawing: ComponentChildren;
  /** What stands beside it where there is room, and below it where there is none. */
  readonly children: ComponentChildren;
}

/** A drawing with its legend and its numbers. */
export const Beside = ({ drawing, children }: BesideProps) => (
  <div class="beside">
    <div>{drawing}</div>
    <div>{children}</div>
  </div>
);

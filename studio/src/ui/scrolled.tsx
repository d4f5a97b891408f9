// A part of a page that scrolls by itself.
import type { ComponentChildren } from "preact";

/** What it is called: by a text, or by what stands elsewhere in the page. */
type Named = { readonly label: string } | { readonly labelledBy: string };

interface ScrolledProps {
  /** Whether it is a table of many columns, whose rows are lists where there is no room for them. */
  readonly columns?: boolean;
  readonly children: ComponentChildren;
}

/** Something that may be wider than a phone: it can be scrolled, by keys too. */
export const Scrolled = ({ columns = false, children, ...named }: Named & ScrolledProps) => (
  // biome-ignore lint/a11y/useSemanticElements: no part of a form
  <div
    class={columns ? "drawing columns" : "drawing"}
    role="group"
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls takes keys
    tabIndex={0}
    aria-label={"label" in named ? named.label : undefined}
    aria-labelledby={"labelledBy" in named ? named.labelledBy : undefined}
  >
    {children}
  </div>
);

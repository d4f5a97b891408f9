import type { ComponentChildren } from "preact";

/** Something that may be wider than a phone: it can be scrolled, by keys too. */
export const Scrolled = ({ label, children }: { readonly label: string; readonly children: ComponentChildren }) => (
  // biome-ignore lint/a11y/useSemanticElements: no part of a form
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls takes keys
  <div class="drawing" role="group" tabIndex={0} aria-label={label}>
    {children}
  </div>
);

// Formulas, from TeX to MathML.
import { useLayoutEffect, useRef } from "preact/hooks";
import temml from "temml";
import "temml/dist/Temml-Local.css";

interface FormulaProps {
  /** In TeX. */
  readonly tex: string;
  /** In a line of its own. */
  readonly block?: boolean;
}

/** A formula, set as MathML by the browser itself, which screen readers can read out. */
export function Formula({ tex, block = false }: FormulaProps) {
  const host = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    // Made of elements, not of text with style attributes, which the policy of the page forbids.
    if (host.current !== null) temml.render(tex, host.current, { displayMode: block, throwOnError: true });
  }, [tex, block]);
  return <span ref={host} class={block ? "formula block" : "formula"} />;
}

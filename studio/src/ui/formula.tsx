// Formulas, as MathML that was made of TeX when the pages were built (studio/formulas.ts).
import { useLayoutEffect, useRef } from "preact/hooks";
import "temml/dist/Temml-Local.css";

/** An element of MathML: its name, its attributes, and what is in it. */
export type Mathml = readonly [name: string, attributes: Readonly<Record<string, string>>, ...(Mathml | string)[]];

const known = new Map<string, Mathml>();

/** Makes formulas known, which each module does with its own. */
export function bring(formulas: Readonly<Record<string, Mathml>>): void {
  for (const [key, formula] of Object.entries(formulas)) known.set(key, formula);
}

interface FormulaProps {
  /** In TeX. */
  readonly tex: string;
  /** In a line of its own. */
  readonly block?: boolean;
}

/** A formula, laid out as MathML by the browser itself, which screen readers can read out. */
export function Formula({ tex, block = false }: FormulaProps) {
  const host = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    const formula = known.get(block ? `block ${tex}` : tex);
    if (formula === undefined) throw new Error(`studio/formulas.ts found no formula ${tex}`);
    host.current?.replaceChildren(element(formula));
  }, [tex, block]);
  return <span ref={host} class={block ? "formula block" : "formula"} />;
}

function element([name, { style = "", ...attributes }, ...children]: Mathml): MathMLElement {
  const made = document.createElementNS("http://www.w3.org/1998/Math/MathML", name) as MathMLElement;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  // A property, since the policy of the page forbids style attributes.
  if (style !== "") made.style.cssText = style;
  made.append(...children.map((child) => (typeof child === "string" ? child : element(child))));
  return made;
}

// Numbers that a figure has computed, in words and exactly.
import type { ComponentChildren } from "preact";
import { formatNumber } from "../../ui/format.js";

export interface Reading {
  /** Its name for programs: `data-reading`, with the exact number in `value`. */
  readonly name: string;
  readonly label: ComponentChildren;
  readonly value: number | undefined;
  readonly text?: string;
}

/** Numbers that a figure has computed, in words and exactly. */
export const Readings = ({ of }: { readonly of: readonly Reading[] }) => (
  <dl class="readings">
    {of.map(({ name, label, value, text }) => (
      <div key={name}>
        <dt>{label}</dt>
        <dd>
          <data data-reading={name} value={value === undefined ? "" : String(value)}>
            {value === undefined ? "…" : (text ?? formatNumber(value))}
          </data>
        </dd>
      </div>
    ))}
  </dl>
);

// A field in which a weight can be set.
import { useState } from "preact/hooks";
import { said } from "../../ui/dial.js";
import { formatNumber } from "../../ui/format.js";
import { useForgetting } from "../../ui/refused.js";
import { readNumber } from "../../ui/steps.js";

/** A hand may set a weight to any number up to this; arrow keys move it by a tenth. */
const MOST = 1000;
const STEP = 0.1;

interface WeightFieldProps {
  readonly label: string;
  readonly value: number;
  readonly onChange: (value: number) => void;
}

/** A weight, to be set by hand. While it is typed it does not follow the training. */
export function WeightField({ label, value, onChange }: WeightFieldProps) {
  const [typed, type] = useState<string | undefined>(undefined);
  useForgetting(() => type(undefined));
  const read = typed === undefined ? value : readNumber(typed, { least: -MOST, most: MOST, step: STEP });
  const wrong = typeof read !== "number";
  const done = () => {
    if (!wrong && typed !== undefined && read !== value) onChange(read);
    if (!wrong) type(undefined);
  };
  const why = wrong ? said(read) : undefined;
  return (
    <>
      <input
        class="weight"
        type="text"
        inputMode="decimal"
        aria-label={label}
        aria-invalid={wrong}
        value={typed ?? formatNumber(value)}
        onInput={(event) => type(event.currentTarget.value)}
        onBlur={done}
        onKeyDown={(event) => {
          const by = { ArrowUp: STEP, ArrowDown: -STEP }[event.key];
          if (by !== undefined) {
            event.preventDefault();
            type(undefined);
            onChange(Number((value + by).toPrecision(6)));
          } else if (event.key === "Enter") done();
          else if (event.key === "Escape") type(undefined);
        }}
      />
      {why !== undefined && (
        <span class="error refusal" role="alert">
          {why}
        </span>
      )}
    </>
  );
}

// The numbers of a convolution kernel, to be typed.
import { t } from "../../i18n/words.js";
import { KERNEL_SIDE } from "../compute/convolution.js";
import w from "./kernel.words.js";

interface KernelNumbersProps {
  /** Row by row. */
  readonly of: readonly number[];
  readonly onChange: (numbers: readonly number[]) => void;
}

/** The numbers of a kernel, to be typed. */
export const KernelNumbers = ({ of, onChange }: KernelNumbersProps) => (
  // biome-ignore lint/a11y/useSemanticElements: a fieldset would want a legend that is seen
  <div class="numbers" role="group" aria-label={t(w.numbers)}>
    {of.map((value, i) => (
      <input
        key={`${i}`}
        type="number"
        step="any"
        value={value}
        aria-label={t(w.number, Math.floor(i / KERNEL_SIDE) + 1, (i % KERNEL_SIDE) + 1)}
        onChange={(event) => {
          const typed = event.currentTarget.valueAsNumber;
          if (Number.isFinite(typed)) onChange(of.map((old, j) => (j === i ? typed : old)));
          else event.currentTarget.value = String(value);
        }}
      />
    ))}
  </div>
);

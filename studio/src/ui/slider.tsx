// Sliders with a name and a value.
import { useId } from "preact/hooks";
import { formatNumber } from "./format.js";

export interface SliderProps {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step?: number | "any";
  /** The value in words; default the number. */
  readonly text?: string;
  /** Called while the slider moves. */
  readonly onInput: (value: number) => void;
}

/** A number that is felt for. */
export function Slider({ label, value, min, max, step = "any", text = formatNumber(value), onInput }: SliderProps) {
  const id = useId();
  return (
    <span class="field slider">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="range"
        value={value}
        min={min}
        max={max}
        step={step}
        aria-valuetext={text}
        onInput={(event) => onInput(event.currentTarget.valueAsNumber)}
      />
      <output for={id}>{text}</output>
    </span>
  );
}

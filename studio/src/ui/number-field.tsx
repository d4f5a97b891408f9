import { useId } from "preact/hooks";

export interface NumberFieldProps {
  readonly label: string;
  readonly value: number;
  readonly min?: number;
  readonly max?: number;
  /** "any" allows every number. */
  readonly step?: number | "any";
  /** Called with numbers that are allowed only. */
  readonly onChange: (value: number) => void;
}

/** A number that is typed. */
export function NumberField({ label, value, min, max, step = 1, onChange }: NumberFieldProps) {
  const id = useId();
  return (
    <span class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="number"
        value={value}
        min={min}
        max={max}
        step={step}
        onChange={(event) => {
          const { validity, valueAsNumber } = event.currentTarget;
          if (validity.valid && Number.isFinite(valueAsNumber)) onChange(valueAsNumber);
          else event.currentTarget.value = String(value);
        }}
      />
    </span>
  );
}

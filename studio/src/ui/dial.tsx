// A number that is stepped through by fitting steps, or typed.
import { useId, useState } from "preact/hooks";
import { t } from "../i18n/words.js";
import { formatExact } from "./format.js";
import { Icon } from "./icon.js";
import { useForgetting } from "./refused.js";
import { nextStop, type Refusal, readNumber, type Scale } from "./steps.js";
import w from "./ui.words.js";

/** Why a number is not taken, in the reader's language. */
export const said = (refusal: Refusal): string =>
  refusal.why === "noNumber" ? t(w.noNumber) : t(w[refusal.why], formatExact(refusal.least), formatExact(refusal.most));

interface DialProps {
  readonly label: string;
  readonly value: number;
  readonly scale: Scale;
  /** Called with numbers that are allowed only. */
  readonly onChange: (value: number) => void;
  /** Whether the label is for screen readers only. */
  readonly bare?: boolean;
  readonly disabled?: boolean;
}

/** A number that is stepped through by fitting steps, or typed. What is out of range says so and is not taken. */
export function Dial({ label, value, scale, onChange, bare = false, disabled }: DialProps) {
  const id = useId();
  const [refused, refuse] = useState<(Refusal & { readonly text: string }) | undefined>(undefined);
  // While it is typed, nothing that comes in meanwhile takes its place.
  const [typed, type] = useState<string | undefined>(undefined);
  useForgetting(() => {
    type(undefined);
    refuse(undefined);
  });
  const step = (direction: 1 | -1) => {
    refuse(undefined);
    type(undefined);
    const next = nextStop(value, direction, scale);
    if (next !== value) onChange(next);
  };
  const take = (text: string) => {
    type(undefined);
    const read = readNumber(text, scale);
    refuse(typeof read === "number" ? undefined : { ...read, text });
    if (typeof read === "number" && read !== value) onChange(read);
  };
  return (
    <span class="dial">
      <label for={id} class={bare ? "visually-hidden" : undefined}>
        {label}
      </label>
      <span class="dial-parts">
        <StepButton
          label={t(w.less, label)}
          icon="minus"
          disabled={disabled || value <= scale.least}
          onClick={() => step(-1)}
        />
        <input
          id={id}
          type="text"
          inputMode="decimal"
          role="spinbutton"
          autoComplete="off"
          aria-valuenow={value}
          aria-valuemin={scale.least}
          aria-valuemax={scale.most}
          aria-invalid={refused !== undefined}
          aria-describedby={refused === undefined ? undefined : `${id}-why`}
          disabled={disabled}
          value={typed ?? refused?.text ?? String(value)}
          onInput={(event) => type(event.currentTarget.value)}
          onChange={(event) => take(event.currentTarget.value)}
          onBlur={() => type(undefined)}
          onKeyDown={(event) => {
            const direction = ({ ArrowUp: 1, ArrowDown: -1 } as const)[event.key];
            if (direction === undefined) return;
            event.preventDefault();
            step(direction);
          }}
        />
        <StepButton
          label={t(w.more, label)}
          icon="plus"
          disabled={disabled || value >= scale.most}
          onClick={() => step(1)}
        />
      </span>
      {refused !== undefined && (
        <span id={`${id}-why`} class="error refusal" role="alert">
          {said(refused)}
        </span>
      )}
    </span>
  );
}

interface StepButtonProps {
  readonly label: string;
  readonly icon: "minus" | "plus";
  readonly disabled: boolean | undefined;
  readonly onClick: () => void;
}

/** Arrow keys do the same, so the Tab key skips the buttons. */
export const StepButton = ({ label, icon, disabled, onClick }: StepButtonProps) => (
  <button
    type="button"
    class="step"
    aria-label={label}
    title={label}
    tabIndex={-1}
    disabled={disabled}
    onClick={onClick}
  >
    <Icon name={icon} />
  </button>
);

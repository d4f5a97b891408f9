import type { ComponentChildren } from "preact";

interface ButtonProps {
  readonly onClick: () => void;
  readonly children: ComponentChildren;
  /** What screen readers say, where the button shows a sign only. */
  readonly label?: string;
  /** For a button that is on or off. */
  readonly pressed?: boolean;
  readonly disabled?: boolean;
  /** "main" stands out. */
  readonly kind?: "main" | "plain" | "small";
}

export const Button = ({ onClick, children, label, pressed, disabled, kind = "plain" }: ButtonProps) => (
  <button
    type="button"
    class={`button ${kind}`}
    aria-label={label}
    title={label}
    aria-pressed={pressed}
    disabled={disabled}
    onClick={onClick}
  >
    {children}
  </button>
);

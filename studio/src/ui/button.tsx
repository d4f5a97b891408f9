// Buttons.
import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "./icon.js";

interface ButtonProps {
  readonly onClick: () => void;
  readonly children?: ComponentChildren;
  /** A sign before the text, or in its place. */
  readonly icon?: IconName;
  /** What screen readers say, where the button shows a sign only. */
  readonly label?: string;
  /** For a button that is on or off. */
  readonly pressed?: boolean;
  readonly disabled?: boolean;
  /** "main" stands out. */
  readonly kind?: "main" | "plain" | "small";
}

export const Button = ({ onClick, children, icon, label, pressed, disabled, kind = "plain" }: ButtonProps) => (
  <button
    type="button"
    class={`button ${kind}`}
    aria-label={label}
    title={label}
    aria-pressed={pressed}
    disabled={disabled}
    onClick={onClick}
  >
    {icon !== undefined && <Icon name={icon} />}
    {children}
  </button>
);

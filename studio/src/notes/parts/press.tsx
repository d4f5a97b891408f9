// Parts of drawings that work like buttons.
import type { ComponentChildren } from "preact";

interface PressProps {
  readonly label: string;
  readonly pressed: boolean;
  readonly onPress: () => void;
  readonly class?: string;
  readonly children: ComponentChildren;
}

/** Part of a drawing that works like a button: by pointer, Enter or space. */
export const Press = ({ label, pressed, onPress, class: look = "", children }: PressProps) => (
  // biome-ignore lint/a11y/useSemanticElements: a button cannot stand inside a drawing
  <g
    role="button"
    class={`press ${look}`}
    tabindex={0}
    aria-label={label}
    aria-pressed={pressed}
    onClick={onPress}
    onKeyDown={(event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      onPress();
    }}
  >
    {children}
  </g>
);

/** Signs on buttons, drawn on 16 by 16. */
const PATHS = {
  play: "M4.5 2.5v11l9-5.5z",
  pause: "M4 3h3v10H4zM9 3h3v10H9z",
  step: "M3 3v10l7-5zM11 3h2v10h-2z",
  back: "M13 3v10L6 8zM3 3h2v10H3z",
} as const;
const LINES = {
  reset: "M3.2 9a5 5 0 1 0 1.3-4.6M4.5 1.5v3h3",
  undo: "M6 3 3 6l3 3M3 6h6a4 4 0 0 1 0 8H7",
  redo: "m10 3 3 3-3 3M13 6H7a4 4 0 0 0 0 8h2",
  link: "M7 9a2.5 2.5 0 0 0 3.6 0l2-2A2.5 2.5 0 0 0 9 3.4l-1 1M9 7a2.5 2.5 0 0 0-3.6 0l-2 2A2.5 2.5 0 0 0 7 12.6l1-1",
  gallery: "M2.5 2.5h4.5v4.5H2.5zM9 2.5h4.5v4.5H9zM2.5 9h4.5v4.5H2.5zM9 9h4.5v4.5H9z",
  plus: "M8 3v10M3 8h10",
  minus: "M3 8h10",
  close: "m4 4 8 8M12 4l-8 8",
  left: "M10 3 5 8l5 5",
  right: "m6 3 5 5-5 5",
  remove: "M3 4.5h10M6.5 4.5v-2h3v2M4.5 4.5l.5 9h6l.5-9",
  camera: "M2 5h3l1-2h4l1 2h3v8H2zM8 11a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4",
  seven: "M4.5 3h7l-4 10",
  file: "M4 2h5l3 3v9H4zM9 2v3h3",
} as const;

export type IconName = keyof typeof PATHS | keyof typeof LINES;

/** A sign; what it means is said by the button that it stands on. */
export const Icon = ({ name }: { readonly name: IconName }) =>
  name in PATHS ? (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name as keyof typeof PATHS]} fill="currentColor" />
    </svg>
  ) : (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path
        d={LINES[name as keyof typeof LINES]}
        fill="none"
        stroke="currentColor"
        stroke-width="1.6"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );

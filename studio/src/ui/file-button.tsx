// A button that opens files: the browser's own speaks the browser's language, not the page's.
import { useId } from "preact/hooks";

interface FileButtonProps {
  readonly label: string;
  /** Kinds of files to choose from; default all. */
  readonly accept?: string;
  /** Whether a folder with all that is in it is opened. */
  readonly folder?: boolean;
  readonly disabled?: boolean;
  readonly onFiles: (files: readonly File[]) => void;
}

export function FileButton({ label, accept, folder = false, disabled, onFiles }: FileButtonProps) {
  const id = useId();
  return (
    <span class="file-button">
      <label class="button" for={id} aria-disabled={disabled}>
        {label}
      </label>
      <input
        id={id}
        class="visually-hidden"
        type="file"
        accept={accept}
        disabled={disabled}
        {...(folder ? { multiple: true, webkitdirectory: true } : {})}
        onChange={({ currentTarget }) => {
          if (currentTarget.files?.length) onFiles([...currentTarget.files]);
          // The same file may be chosen again: without this nothing would have changed.
          currentTarget.value = "";
        }}
      />
    </span>
  );
}

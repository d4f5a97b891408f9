// The gallery of examples.
import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { fromAddress } from "../engine/settings.js";
import { t } from "../i18n/words.js";
import { Button } from "../ui/button.js";
import uiWords from "../ui/ui.words.js";
import w from "./gallery.words.js";
import { PRESETS } from "./presets.js";
import { Sketch } from "./sketch.js";
import { useSettings } from "./state.js";

export const galleryOpen = signal(false);

/** Examples to begin with, each with what is to be seen in it. */
export function Gallery() {
  const dialog = useRef<HTMLDialogElement>(null);
  const open = galleryOpen.value;
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  return (
    <dialog ref={dialog} class="gallery" aria-labelledby="gallery" onClose={() => (galleryOpen.value = false)}>
      <header>
        <h2 id="gallery">{t(w.title)}</h2>
        <Button kind="small" icon="close" label={t(uiWords.close)} onClick={() => (galleryOpen.value = false)} />
      </header>
      <p class="quiet">{t(w.intro)}</p>
      {open && <Presets />}
    </dialog>
  );
}

const Presets = () => (
  <ul>
    {PRESETS.map(({ name, title, text, address }) => (
      <li key={name}>
        <button
          type="button"
          class="card"
          onClick={() => {
            galleryOpen.value = false;
            useSettings(fromAddress(address));
          }}
        >
          <Sketch settings={fromAddress(address)} />
          <strong>{t(title)}</strong>
          <span>{t(text)}</span>
        </button>
      </li>
    ))}
  </ul>
);

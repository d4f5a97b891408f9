import { t } from "../i18n/words.js";
import { Button } from "../ui/button.js";
import { FileButton } from "../ui/file-button.js";
import { formatNumber, formatPercent } from "../ui/format.js";
import w from "./playground.words.js";
import { exportAs, fits, load, run } from "./state.js";

/** What can be taken away and brought back. */
export function Files() {
  const disabled = !fits.value;
  const loaded = run.value.loaded.value;
  const accuracy = loaded?.test.accuracy;
  return (
    <section class="panel" aria-labelledby="files">
      <h2 id="files">{t(w.files)}</h2>
      <div class="controls">
        <Button onClick={() => exportAs("safetensors")} disabled={disabled}>
          {t(w.exportSafetensors)}
        </Button>
        <Button onClick={() => exportAs("onnx")} disabled={disabled}>
          {t(w.exportOnnx)}
        </Button>
        <Button onClick={() => exportAs("typescript")} disabled={disabled}>
          {t(w.exportCode)}
        </Button>
        <FileButton
          label={t(w.loadWeights)}
          accept=".safetensors"
          disabled={disabled}
          onFiles={async ([file]) => load(file.name, new Uint8Array(await file.arrayBuffer()))}
        />
      </div>
      <p role="status">
        {loaded && (
          <data id="loaded" value={loaded.test.loss}>
            {t(
              w.loadedFile,
              loaded.name,
              formatNumber(loaded.test.loss),
              accuracy === undefined ? "–" : formatPercent(accuracy),
            )}
          </data>
        )}
      </p>
    </section>
  );
}

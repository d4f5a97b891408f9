// The reader's own data: tables, pictures, camera.
import { signal } from "@preact/signals";
import { useId } from "preact/hooks";
import { readTable, type Table, tableData } from "../engine/table.js";
import { troubleOf } from "../engine/trouble.js";
import { t } from "../i18n/words.js";
import { Button } from "../ui/button.js";
import { Choice } from "../ui/choice.js";
import { Camera, cameraOn } from "./camera.js";
import { picturesData, readPictures } from "./pictures.js";
import w from "./playground.words.js";
import { changeData, pageTrouble, run, settings } from "./state.js";

const table = signal<{ readonly table: Table; readonly target: number } | undefined>(undefined);

/** What a person brings: a table, a folder of pictures, or what the camera sees. It stays in the page. */
export const Own = () => <div class="own">{settings.value.data === "table" ? <OwnTable /> : <OwnPictures />}</div>;

/** Does something with a file; says what went wrong. */
async function trying(what: () => void | Promise<void>): Promise<void> {
  pageTrouble.value = undefined;
  try {
    await what();
  } catch (error) {
    pageTrouble.value = troubleOf(error);
  }
}

function useTable(next: Table, target: number): void {
  const own = tableData(next, target);
  table.value = { table: next, target };
  changeData("table", own);
}

function OwnTable() {
  const id = useId();
  const now = table.value;
  const own = run.value.own;
  return (
    <>
      <label class="button" for={id}>
        {t(w.openTable)}
      </label>
      <input
        id={id}
        class="visually-hidden"
        type="file"
        accept=".csv,.tsv,.txt,text/csv"
        onChange={({ currentTarget }) =>
          void trying(async () => {
            const file = currentTarget.files?.[0];
            if (file === undefined) return;
            const next = readTable(await file.text(), file.name);
            useTable(next, next.names.length - 1);
          })
        }
      />
      <p class="quiet">
        {now === undefined || own?.columns === undefined
          ? t(w.tableHint)
          : t(w.tableIs, now.table.file, now.table.rows.length, own.columns.join(", "))}
      </p>
      {now !== undefined && (
        <Choice
          label={t(w.target)}
          value={String(now.target)}
          options={now.table.names.map((name, i) => ({ value: String(i), text: name }))}
          onChange={(value) => void trying(() => useTable(now.table, Number(value)))}
        />
      )}
    </>
  );
}

function OwnPictures() {
  const id = useId();
  const own = run.value.own;
  return (
    <>
      <label class="button" for={id}>
        {t(w.openPictures)}
      </label>
      <input
        id={id}
        class="visually-hidden"
        type="file"
        multiple
        {...{ webkitdirectory: true }}
        onChange={({ currentTarget }) =>
          void trying(async () => {
            const pictures = await readPictures([...(currentTarget.files ?? [])]);
            changeData("pictures", picturesData(pictures));
          })
        }
      />
      <Button icon="camera" pressed={cameraOn.value} onClick={() => (cameraOn.value = !cameraOn.value)}>
        {t(cameraOn.value ? w.cameraOff : w.camera)}
      </Button>
      {cameraOn.value && <Camera />}
      <p class="quiet">
        {own?.kind === "pictures"
          ? t(w.picturesAre, own.targets.length, own.classes?.join(", ") ?? "")
          : t(w.picturesHint)}
      </p>
    </>
  );
}

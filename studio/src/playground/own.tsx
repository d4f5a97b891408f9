// The reader's own data: tables, pictures, camera.
import { signal } from "@preact/signals";
import { targetColumn } from "../../../packages/cli/src/sources/tables/target-rule.js";
import type { OwnData } from "../engine/data.js";
import { readTable, type Table, tableData } from "../engine/table.js";
import { troubleOf } from "../engine/trouble.js";
import { BETWEEN, LIST } from "../i18n/punctuation.js";
import { t } from "../i18n/words.js";
import { Button } from "../ui/button.js";
import { Choice } from "../ui/choice.js";
import { FileButton } from "../ui/file-button.js";
import { formatCount, formatExact } from "../ui/format.js";
import { Camera, cameraOn } from "./camera.js";
import { readPictures } from "./pictures.js";
import w from "./playground.words.js";
import { changeData, own as ownNow, pageTrouble, settings } from "./state.js";

const table = signal<{ readonly table: Table; readonly target: number } | undefined>(undefined);

/** The reader's own data: a table, a folder of pictures, or camera images. They stay in the page. */
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
  const now = table.value;
  const own = ownNow.value;
  return (
    <>
      <FileButton
        label={t(w.openTable)}
        accept=".csv,.tsv,.txt,text/csv"
        onFiles={([file]) =>
          void trying(async () => {
            const next = readTable(await file.text(), file.name);
            useTable(next, targetColumn(next.names));
          })
        }
      />
      {now === undefined || own?.columns === undefined ? (
        <p class="quiet">{t(w.tableHint)}</p>
      ) : (
        <>
          <p class="quiet">{t(w.tableIs, now.table.file, own.targets.length, few(own.columns))}</p>
          <p class="quiet table-note">{notesOf(own, now.table.names[now.target]).join(t(BETWEEN))}</p>
        </>
      )}
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

/** Names that are listed one by one: of columns, and of files. */
const NAMED = 20;
const FILES = 3;

/** Names, of very many the first. */
const few = (names: readonly string[], most = NAMED, more: typeof w.andMore = w.andMore): string =>
  [...names.slice(0, most), ...(names.length > most ? [t(more, formatCount(names.length - most))] : [])].join(t(LIST));

/** What became of a table's rows and columns, in sentences. */
function notesOf({ columns = [], leftOut, filled, target }: OwnData, learned: string): string[] {
  const { texts = [], more = [], rows = 0 } = leftOut ?? {};
  return [
    ...(rows > 0 ? [t(w.leftRows, rows, learned)] : []),
    ...(filled !== undefined && filled.fields > 0 ? [t(w.filled, filled.fields, few(filled.columns))] : []),
    ...(texts.length > 0 ? [t(w.leftTexts, few(texts))] : []),
    ...(more.length > 0 ? [t(w.leftMore, columns.length, formatCount(columns.length + more.length))] : []),
    t(w.scaled),
    ...(columns.length > 2 ? [t(w.held, columns[0], columns[1])] : []),
    ...(target ? [t(w.scaledTarget, target.name, formatExact(target.low), formatExact(target.high))] : []),
  ];
}

function OwnPictures() {
  const own = ownNow.value;
  return (
    <>
      <FileButton
        folder
        label={t(w.openPictures)}
        onFiles={(files) => void trying(async () => changeData("pictures", await readPictures([...files])))}
      />
      <Button icon="camera" pressed={cameraOn.value} onClick={() => (cameraOn.value = !cameraOn.value)}>
        {t(cameraOn.value ? w.cameraOff : w.camera)}
      </Button>
      {cameraOn.value && <Camera />}
      <p class="quiet">
        {own ? t(w.picturesAre, own.targets.length, own.classes?.join(t(LIST)) ?? "") : t(w.picturesHint)}
      </p>
      {own?.unread && own.unread.length > 0 && (
        <p class="quiet unread">{t(w.unread, own.unread.length, few(own.unread, FILES, w.andMoreFiles))}</p>
      )}
    </>
  );
}

// What went wrong, in the reader's language.
import type { Misfit, Trouble } from "../engine/trouble.js";
import { LIST } from "../i18n/punctuation.js";
import { t } from "../i18n/words.js";
import w from "./trouble.words.js";

const list = (shape: readonly number[]): string => `[${shape.join(", ")}]`;

/** What went wrong, in the reader's language. */
export function said(trouble: Misfit | Trouble): string {
  switch (trouble.code) {
    case "axes":
      return t({ map: w.axesMap, line: w.axesLine, lines: w.axesLines }[trouble.wanted], list(trouble.shape));
    case "groups":
      return t(w.groups, trouble.groups, trouble.from, trouble.to);
    case "tooLarge":
      return t(w.tooLarge, trouble.kernel, trouble.side);
    case "padding":
      return t(w.padding, trouble.padding, trouble.kernel);
    case "outputPadding":
      return t(w.outputPadding, trouble.padding, trouble.stride);
    case "pieces":
      return t(w.pieces, trouble.channels, trouble.pieces);
    case "start":
      return t(w.start, trouble.start, list(trouble.shape));
    case "noneKept":
      return t(w.noneKept, trouble.units, trouble.p);
    case "end":
    case "flat":
    case "flatEnd":
      return t(w[trouble.code], list(trouble.shape), trouble.outputs);
    case "engine":
      return t(w.engine, trouble.message);
    case "notFinite":
      return t(w.notFinite, trouble.epoch, trouble.step, trouble.loss, trouble.back, trouble.lr);
    case "digits":
      return t(w.digits, trouble.status);
    case "notSafetensors":
    case "tableText":
    case "tableEmpty":
    case "tableNumbers":
    case "pictureUnreadable":
      return t(w[trouble.code], trouble.file);
    case "address":
      return t(w.address, trouble.names.join(t(LIST)));
    case "tableQuote":
      return t(w.tableQuote, trouble.file, trouble.row);
    case "tableRow":
      return t(w.tableRow, trouble.file, trouble.row, trouble.fields, trouble.names);
    case "otherNetwork":
      return t(w.otherNetwork, trouble.file, trouble.tensor);
    case "tableNoTarget":
      return t(w.tableNoTarget, trouble.file, trouble.rows, trouble.column);
    case "tableTarget":
      return t(w.tableTarget, trouble.file, trouble.column, trouble.classes);
    case "pictureClasses":
      return t(w.pictureClasses, trouble.classes);
    case "camera":
      return t(w.camera, trouble.reason);
    case "noCard":
      return t(w.noCard, trouble.message);
    case "cardFailed":
      return t(trouble.on === "wasm" ? w.cardToWasm : w.cardToCard, trouble.back, trouble.message);
    default:
      return t(w[trouble.code]);
  }
}

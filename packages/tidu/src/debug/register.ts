// `TIDU_DEBUG=graph,program,profile,code node --import tidu/debug/register app.js`: reports every program that is
// compiled.
// `TIDU_PROFILE=1` is short for `TIDU_DEBUG=profile`.
import { ArgumentError } from "../base/errors.js";
import { watchPrograms } from "./index.js";
import { SUBJECTS, type Subject } from "./subjects.js";

const { TIDU_DEBUG, TIDU_PROFILE } = process.env;
const wanted = (TIDU_DEBUG ?? (TIDU_PROFILE ? "profile" : "")).split(",").filter((w) => w !== "");
const unknown = wanted.find((w) => !SUBJECTS.includes(w as Subject));
if (unknown !== undefined) throw new ArgumentError(`TIDU_DEBUG: "${unknown}" is not one of ${SUBJECTS.join(", ")}`);
if (wanted.length > 0) watchPrograms(wanted as Subject[]);

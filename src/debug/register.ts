// `TIDU_DEBUG=graph,program,profile node --import tidu/debug/register app.js`: tells about every program that is compiled.
import { ArgumentError } from "../base/errors.js";
import { type Subject, watchPrograms } from "./index.js";

const SUBJECTS: readonly Subject[] = ["graph", "program", "profile"];

const wanted = process.env.TIDU_DEBUG?.split(",") ?? [];
const unknown = wanted.find((w) => !SUBJECTS.includes(w as Subject));
if (unknown !== undefined) throw new ArgumentError(`TIDU_DEBUG: "${unknown}" is not one of ${SUBJECTS.join(", ")}`);
if (wanted.length > 0) watchPrograms(wanted as Subject[]);

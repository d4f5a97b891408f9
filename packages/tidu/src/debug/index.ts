// The public names of `tidu/debug`: programs as the compiler makes them, the time of their kernels, and values in float64.
import { callback, check, listOf, words } from "../base/check.js";
import { readers } from "../codegen/readers.js";
import { printGraph, printProgram } from "../compile/print.js";
import { observers, type Program, type Stages } from "../compile/program.js";
import { formatProfile } from "../runtime/profile.js";
import { profileProgram } from "../runtime/wasm/profile.js";
import { SUBJECTS, type Subject } from "./subjects.js";

export { printGraph, printProgram } from "../compile/print.js";
export type { Observer, Program, Stages } from "../compile/program.js";
export { NullDevice } from "../runtime/null.js";
export { formatProfile, type KernelProfile } from "../runtime/profile.js";
export { ReferenceDevice } from "../runtime/reference.js";
export { profileProgram } from "../runtime/wasm/profile.js";
export type { Subject } from "./subjects.js";

/**
 * Reports every program that is compiled from now on.
 *
 * @param tell receives the text; default: `console.error`.
 * @returns a function that ends the reports.
 *
 * @example
 * ```ts
 * import { tensor } from "tidu";
 * import { watchPrograms } from "tidu/debug";
 *
 * const texts: string[] = [];
 * const end = watchPrograms(["graph"], (text) => texts.push(text));
 * await tensor([3, 4]).square().sum().sqrt().data();
 * end();
 * console.log(texts[0].includes("sqrt(")); // true
 * ```
 */
export function watchPrograms(
  subjects: readonly Subject[],
  tell: (text: string) => void = (text) => console.error(text),
): () => void {
  check("watchPrograms", "subjects", subjects, listOf(words(...SUBJECTS)));
  check("watchPrograms", "tell", tell, callback);
  const about: { [S in Exclude<Subject, "code">]: { pass: keyof Stages; text: (product: never) => string } } = {
    graph: { pass: "simplified", text: printGraph },
    program: { pass: "program", text: printProgram },
    profile: { pass: "program", text: (program: Program) => formatProfile(profileProgram(program)) },
  };
  const see = (pass: keyof Stages, product: Stages[keyof Stages]): void => {
    for (const s of subjects) if (s !== "code" && about[s].pass === pass) tell(about[s].text(product as never));
  };
  observers.add(see);
  const read = (text: string): void => tell(text);
  if (subjects.includes("code")) readers.add(read);
  return () => {
    observers.delete(see);
    readers.delete(read);
  };
}

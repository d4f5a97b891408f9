// How Node's console shows a layer or network. Importing this is an effect, which only Node's entry has.
import { Module } from "./module.js";

/** As a layer was made, as in "linear(400, 120)"; of one that holds others, its class and these, by their names. */
function tree(module: Module, indent = "", within: readonly Module[] = []): string {
  const children = module.children();
  // One that is around this one is shown there.
  if (children.length === 0 || within.includes(module)) return String(module);
  const lines = children.map(
    ([name, child]) => `${indent}  ${name}: ${tree(child, `${indent}  `, [...within, module])}`,
  );
  return `${module.constructor.name} {\n${lines.join("\n")}\n${indent}}`;
}

Object.defineProperty(Module.prototype, Symbol.for("nodejs.util.inspect.custom"), {
  value(this: Module): string {
    return tree(this);
  },
  configurable: true,
  writable: true,
});

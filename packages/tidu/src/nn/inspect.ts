// How Node's console shows a layer or network. Importing this is an effect, which only Node's entry has.
import { Module } from "./module.js";

/** A layer's own text, such as "linear(400, 120)"; for a module with layers its class and the layers by name. */
function tree(module: Module, indent = "", within: readonly Module[] = []): string {
  const children = module.children();
  // A module that contains this one is already shown.
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

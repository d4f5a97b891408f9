import { DeviceError } from "./errors.js";

/**
 * Node's way to its own modules; undefined where there is no Node. A call, unlike an import, is nothing that a bundler
 * for browsers has to resolve.
 */
export const nodeModules = (): NodeJS.Process["getBuiltinModule"] | undefined => globalThis.process?.getBuiltinModule;

/** The same for what cannot do without. Throws DeviceError where there is no Node, with the `mend` at its end. */
export function needNodeModules(what: string, mend: string): NodeJS.Process["getBuiltinModule"] {
  const modules = nodeModules();
  if (modules === undefined) throw new DeviceError(`${what} needs Node, which is not here: ${mend}`);
  return modules;
}

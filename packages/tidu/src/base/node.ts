import { DeviceError } from "./errors.js";

/**
 * Node's function that loads its own modules; undefined where there is no Node. Unlike an import, a call is nothing
 * that a bundler for browsers has to resolve.
 */
export const nodeModules = (): NodeJS.Process["getBuiltinModule"] | undefined => globalThis.process?.getBuiltinModule;

/** The same for what cannot work without Node. Throws DeviceError, which ends with `mend`, where there is no Node. */
export function needNodeModules(what: string, mend: string): NodeJS.Process["getBuiltinModule"] {
  const modules = nodeModules();
  if (modules === undefined) throw new DeviceError(`${what} needs Node, which is not available here; ${mend}`);
  return modules;
}

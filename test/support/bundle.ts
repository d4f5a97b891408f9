// Bundles apps with the library's sources, as Vite does for users.
import { isBuiltin } from "node:module";
import { build, createLogger, type Plugin, type Rolldown } from "vite";
import { ALIASES, SOURCES } from "../../scripts/sources.mjs";

export interface Bundle {
  readonly files: readonly (Rolldown.OutputChunk | Rolldown.OutputAsset)[];
  /** The bundler's warnings, and imports of modules that only Node has. */
  readonly warnings: readonly string[];
}

/** Bundles the app in `root` (its index.html) for browsers, with the library's sources instead of the package. */
export async function bundle(root: string, outDir: string): Promise<Bundle> {
  const warnings: string[] = [];
  const warn = (message: string) => void warnings.push(message);
  const plugins = [installs, nodeOnly(warn)];
  // No warning may depend on the speed of the machine.
  const rolldownOptions = { checks: { bundlerTimings: false } };
  const built = (await build({
    root,
    configFile: false,
    logLevel: "warn",
    customLogger: Object.assign(createLogger("warn"), { warn, warnOnce: warn }),
    base: "./",
    resolve: {
      alias: ALIASES,
    },
    plugins,
    worker: { plugins: () => plugins, rolldownOptions },
    build: { outDir, emptyOutDir: true, target: "es2022", modulePreload: false, rolldownOptions },
  })) as Rolldown.RolldownOutput;
  return { files: built.output, warnings };
}

/**
 * The package declares that importing its dist/index.js has a side effect: it installs the device. The source does the
 * same.
 */
const installs: Plugin = {
  name: "tidu-installs",
  transform: { filter: { id: SOURCES.tidu }, handler: () => ({ moduleSideEffects: true }) },
};

/** Depending on its mode, Vite silently replaces Node's modules. */
const nodeOnly = (warn: (message: string) => void): Plugin => ({
  name: "tidu-node-only",
  enforce: "pre",
  resolveId: (id, importer) => {
    if (isBuiltin(id)) warn(`${importer} imports ${id}, which only Node has`);
  },
});

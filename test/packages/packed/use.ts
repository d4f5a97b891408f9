// The short form of `npm run matrix`: the packed packages in the hands of the usual tools.
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { promisify } from "node:util";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import { build as esbuild } from "esbuild";
import { rollup } from "rollup";
import ts from "typescript";
import { build as vite } from "vite";
import { describe, expect, it } from "vitest";
import webpack from "webpack";
import { packed, path, runIn, write } from "./project.js";

/** Trains until it knows XOR, then says so. */
const XOR = `
const data = dataset(Float32Array.of(0, 0, 0, 1, 1, 0, 1, 1), [2], Uint8Array.of(0, 1, 1, 0));
const net = nn.sequential(nn.linear(2, 8), nn.tanh(), nn.linear(8, 2));
const trainer = new Trainer(net, { loss: loss.crossEntropy, optimizer: optim.adam({ lr: 0.05 }), seed: 1 });
const training = async () => {
  let accuracy = 0;
  for await (const epoch of trainer.fit(data, { epochs: 100, batchSize: 4 })) accuracy = epoch.accuracy ?? 0;
  console.log("accuracy", accuracy);
};
void training();
`;
const IMPORTS = 'import { loss, nn, optim, Trainer } from "tidu";\nimport { dataset } from "tidu/data";\n';
const TRAINED = "accuracy 1\n";

/** Namespaces of `tidu` that are subpaths, too. */
const NAMESPACES = ["init", "loss", "metrics", "nn", "optim", "regularize", "signal"];

describe("an app with tidu alone", () => {
  it("has one package, of at most 2.7 MB, and no other is asked for", async () => {
    const [library] = packed();
    expect(library.name).toBe("tidu");
    expect(library.unpackedSize).toBeLessThanOrEqual(2.7e6);
    const alone = await mkdtemp(path("alone-"));
    await writeFile(join(alone, "package.json"), '{ "name": "alone", "private": true }');
    const npm = (...args: string[]) => promisify(execFile)("npm", args, { cwd: alone });
    // Nothing has to be fetched.
    await npm("install", "--offline", "--no-audit", "--no-fund", library.file);
    const { stdout } = await npm("ls", "--omit=dev", "--all", "--parseable");
    expect(stdout.trim().split("\n").slice(1)).toEqual([join(alone, "node_modules", "tidu")]);
    expect(await readdir(join(alone, "node_modules"))).toEqual([".package-lock.json", "tidu"]);
    await rm(alone, { recursive: true });
  });
});

describe("Node", () => {
  it("trains, from a module and from CommonJS", async () => {
    await write("xor.mjs", IMPORTS + XOR);
    await write(
      "xor.cjs",
      `const { loss, nn, optim, Trainer } = require("tidu"), { dataset } = require("tidu/data");${XOR}`,
    );
    expect(await runIn(process.execPath, "xor.mjs")).toBe(TRAINED);
    expect(await runIn(process.execPath, "xor.cjs")).toContain(TRAINED);
  });

  it("has one tidu in a process, however it is imported", async () => {
    await write(
      "one.cjs",
      `const { Tensor, TiduError } = require("tidu");
       const { adopt } = require("tidu/internal");
       const { importOnnx } = require("@tidu/onnx");
       const same = [adopt(Float32Array.of(1), [1]) instanceof Tensor];
       try { importOnnx(new Uint8Array(3)); } catch (error) { same.push(error instanceof TiduError); }
       Promise.all([import("tidu"), import("@tidu/onnx"), import("@tidu/cli/sources")]).then(async ([tidu, onnx, sources]) => {
         same.push(tidu.Tensor === Tensor, onnx.importOnnx === importOnnx);
         for (const name of ${JSON.stringify(NAMESPACES)}) {
           const subpath = await import("tidu/" + name);
           same.push(Object.keys(tidu[name]).every((key) => subpath[key] === tidu[name][key] && require("tidu/" + name)[key] === subpath[key]));
         }
         await sources.openData("nowhere.csv").catch((error) => same.push(error instanceof TiduError));
         console.log(same.join());
       });`,
    );
    const said = (await runIn(process.execPath, "one.cjs")).trim().split(",");
    expect(said).toEqual(Array.from({ length: 5 + NAMESPACES.length }, () => "true"));
  });

  it("has one without modules, too: for Jest and its like", () => {
    const require = createRequire(path("jest.cjs"));
    const at = (name: string) => path("node_modules", name, "dist", "bundle");
    const tidu = require(join(at("tidu"), "index.cjs"));
    expect(require(join(at("tidu"), "internal.cjs")).adopt(Float32Array.of(1), [1])).toBeInstanceOf(tidu.Tensor);
    expect(require(join(at("tidu"), "nn.cjs")).linear).toBe(tidu.nn.linear);
    expect(require(join(at("tidu"), "data.cjs")).dataset(Float32Array.of(1), [1], Uint8Array.of(0)).count).toBe(1);
    // Stacks name what was called, in files that are made small.
    expect(stackOf(() => tidu.nn.linear(2, 1).forward(tidu.ones([1, 3])))).toMatch(/at Linear\.forward .*\.cjs/s);
  });
});

function stackOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    return (error as Error).stack ?? "";
  }
  return "";
}

const { ModuleKind, ModuleResolutionKind: Resolution } = ts;
/** Each way in which TypeScript finds modules, with the kinds of files by which it finds others. */
const WAYS: [name: string, kinds: readonly string[], options: ts.CompilerOptions][] = [
  ["node", ["ts"], { module: ModuleKind.CommonJS, moduleResolution: Resolution.Node10 }],
  ["node16", ["ts", "mts", "cts"], { module: ModuleKind.Node16, moduleResolution: Resolution.Node16 }],
  ["nodenext", ["ts", "mts", "cts"], { module: ModuleKind.NodeNext, moduleResolution: Resolution.NodeNext }],
  ["bundler", ["ts"], { module: ModuleKind.ESNext, moduleResolution: Resolution.Bundler }],
];
const PARTS = ["augment", "data", "debug", "insight", ...NAMESPACES];
const PUBLIC = ["tidu", ...PARTS.map((subpath) => `tidu/${subpath}`)];
const EVERYTHING = [...PUBLIC, "@tidu/onnx"].map((name, i) => `export * as m${i} from "${name}";\n`).join("");

describe("TypeScript, without DOM and looking into every declaration", () => {
  it.each(WAYS)("moduleResolution %s in files of the kinds %j", async (_, kinds, options) => {
    const text = IMPORTS + EVERYTHING + XOR;
    const files = await Promise.all(kinds.map((kind) => write(`${kind}/use.${kind}`, text)));
    const strict: ts.CompilerOptions = { strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false };
    const lib = { target: ts.ScriptTarget.ES2022, lib: ["lib.es2022.d.ts"], types: [] };
    const console = await write("console.d.ts", "declare const console: { log(...text: unknown[]): void };");
    const program = ts.createProgram([...files, console], { ...strict, ...lib, ...options, noEmit: true });
    const found = ts.getPreEmitDiagnostics(program);
    const told = found.map(
      ({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`,
    );
    expect(told).toEqual([]);
  });
});

/** Bundles `xor.mjs` into `out`, for browsers. */
const BUNDLERS: Readonly<Record<string, (out: string) => Promise<unknown>>> = {
  esbuild: (outdir) =>
    esbuild({ entryPoints: [path("xor.mjs")], bundle: true, format: "esm", outdir, outExtension: { ".js": ".mjs" } }),
  Rollup: async (dir) => {
    const bundle = await rollup({ input: path("xor.mjs"), plugins: [nodeResolve({ browser: true })] });
    return bundle.write({ dir, format: "esm", entryFileNames: "[name].mjs" });
  },
  Vite: (outDir) =>
    vite({
      root: path(),
      configFile: false,
      logLevel: "silent",
      build: {
        outDir,
        modulePreload: { polyfill: false },
        rolldownOptions: { input: path("xor.mjs"), output: { entryFileNames: "[name].mjs" } },
      },
    }),
  webpack: (out) =>
    new Promise((done, fail) => {
      const output = { path: out, filename: "[name].mjs", module: true, chunkFormat: "module" as const };
      const entry = { xor: path("xor.mjs") };
      // Vite makes its files small, too, and takes a tenth of the time.
      const optimization = { minimize: process.env.BUNDLES === "small" };
      webpack(
        { mode: "production", context: path(), entry, output, optimization, experiments: { outputModule: true } },
        (error, stats) =>
          error !== null || stats?.hasErrors() ? fail(error ?? new Error(stats?.toString())) : done(stats),
      );
    }),
};
/** These make a file of the engine's threads by themselves. */
const MAKE_WORKERS = ["Vite", "webpack"];

describe.each(Object.keys(BUNDLERS))("%s", (name) => {
  it("bundles for browsers: no module of Node's, and it trains", async () => {
    await write("xor.mjs", IMPORTS + XOR);
    const out = path("out", name);
    await mkdir(out, { recursive: true });
    await BUNDLERS[name](out);
    const files = (await readdir(out, { recursive: true })).filter((file) => /\.m?js$/.test(file));
    expect(files.length > 1).toBe(MAKE_WORKERS.includes(name));
    expect(await readFile(join(out, "xor.mjs"), "utf8")).not.toMatch(/\b(from|import|require)\s*\(?\s*["']node:/);
    expect(await runIn(process.execPath, join(out, "xor.mjs"))).toBe(TRAINED);
  });
});

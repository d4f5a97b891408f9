/**
 * The order of the packages and of the folders in each, and what each may reach outside the sources.
 *
 * A package imports from those above its own, by their names. Inside a package, a folder may import only from itself and
 * from rows above its own. Folders that share a row are neighbors: one may use another's types, never its code. To add
 * a folder, add it to a row; nothing else needs to change.
 */
export const packages = {
  tidu: [
    ["base"],
    ["graph"],
    ["grad"],
    ["tensor"],
    ["compile"],
    ["plan"],
    ["codegen"],
    ["line"],
    ["loop"],
    ["runtime"],
    ["debug"],
    ["io"],
    ["nn", "optim", "data", "augment"],
    ["train"],
    ["insight"],
  ],
  onnx: [["proto"], ["export", "import"], ["tfjs"]],
  cli: [["text"], ["sources"], ["experiment"], ["runs"], ["report"], ["studio"], ["cli"], ["run"]],
};

/** Everything else must run unchanged in a browser. */
const mayUseNodeModules = ["tidu/src/(runtime|io|data)/", "cli/src/(sources|runs|report|studio|cli)/"];

const names = Object.keys(packages);
const inside = (name, folders) => `^packages/${name}/src/(${folders.join("|")})/`;
/** What an import of a package by its name leads to: what is built of it, or the package as it is found. */
const named = (name) => `(^packages/${name}/dist/|^(node_modules/)?${name === "tidu" ? "tidu" : `@tidu/${name}`}(/|$))`;

const downwardOnly = ([name, order]) =>
  order.slice(0, -1).map((row, level) => ({
    name: `${name}-${row.join("-")}-looks-up`,
    comment: "A folder imports only from itself and from the folders before it (.dependency-cruiser.mjs).",
    severity: "error",
    from: { path: inside(name, row) },
    to: { path: inside(name, order.slice(level + 1).flat()) },
  }));

const neighboursShareTypesOnly = ([name, order]) =>
  order
    .filter((row) => row.length > 1)
    .flatMap((row) =>
      row.map((folder) => ({
        name: `${name}-${folder}-uses-a-neighbour`,
        comment: "Folders in one row may share types only.",
        severity: "error",
        from: { path: inside(name, [folder]) },
        to: {
          path: inside(
            name,
            row.filter((other) => other !== folder),
          ),
          dependencyTypesNot: ["type-only"],
        },
      })),
    );

const packagesInOrder = names.flatMap((name, level) => [
  {
    name: `${name}-uses-sources-of-another-package`,
    comment: "Across packages, import by name: each is built and installed by itself.",
    severity: "error",
    from: { path: `^packages/${name}/` },
    to: { path: `^packages/(?!${name}/)[a-z]+/src/` },
  },
  {
    name: `${name}-looks-up-to-a-package`,
    comment:
      "A package imports only from the packages before it (.dependency-cruiser.mjs), and its own files by their paths.",
    severity: "error",
    from: { path: `^packages/${name}/src/` },
    to: { path: names.slice(level).map(named) },
  },
]);

export default {
  forbidden: [
    ...Object.entries(packages).flatMap(downwardOnly),
    ...Object.entries(packages).flatMap(neighboursShareTypesOnly),
    ...packagesInOrder,
    {
      name: "no-cycles",
      comment: "Files that import each other, even for types only, cannot be understood one at a time.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "no-import-of-the-index",
      comment: "src/index.ts collects the public names; inside a package, import from where a name is made.",
      severity: "error",
      from: { path: "^packages/([a-z]+)/src/.+/" },
      to: { path: "^packages/$1/src/[^/]+$", pathNot: "^packages/onnx/src/(?!index)" },
    },
    {
      name: "every-folder-has-a-place",
      comment: "A new folder under src must be given its place in the order.",
      severity: "error",
      from: {},
      to: {
        path: "^packages/[a-z]+/src/[^/]+/",
        pathNot: Object.entries(packages).map(([name, order]) => inside(name, order.flat())),
      },
    },
    {
      name: "no-node-modules-here",
      comment: "This folder also runs in browsers.",
      severity: "error",
      from: { path: "^packages/[a-z]+/src/", pathNot: mayUseNodeModules.map((path) => `^packages/${path}`) },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "no-packages-here",
      comment: "The library has no dependencies.",
      severity: "error",
      from: { path: "^packages/tidu/src/" },
      to: { dependencyTypes: ["npm", "npm-dev", "npm-optional", "npm-peer", "npm-no-pkg", "npm-unknown"] },
    },
    {
      name: "experiments-use-the-public-api",
      comment: "Experiments import what any user can: the packages by their names, and each other.",
      severity: "error",
      from: { path: "^experiments/" },
      to: { path: "^(?!experiments/)", pathNot: names.map(named) },
    },
    {
      name: "experiments-use-no-internals",
      comment: "tidu/internal is for Tidu's own packages.",
      severity: "error",
      from: { path: "^experiments/" },
      to: { path: "^packages/tidu/dist/internal" },
    },
    {
      name: "resolvable",
      comment: "The imported file does not exist.",
      severity: "error",
      // The packages' names lead to what is built, which need not have been done yet.
      from: { path: "^packages/[a-z]+/src/" },
      to: { couldNotResolve: true, pathNot: names.map(named) },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: ["node_modules", "/dist/"] },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "default"] },
  },
};

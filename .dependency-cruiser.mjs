/**
 * The order of the folders under src, and what each may reach outside the sources.
 *
 * A folder may import only from itself and from rows above its own. Folders that share a row are neighbours: one
 * may use another's types, never its code. To add a folder, add it to a row; nothing else needs to change.
 */
const order = [
  ["base"],
  ["graph"],
  ["grad"],
  ["tensor"],
  ["compile"],
  ["codegen"],
  ["runtime"],
  ["debug"],
  ["io"],
  ["nn", "optim", "data", "augment"],
  ["sources"],
  ["train"],
  ["insight"],
  ["experiment"],
  ["onnx"],
  ["report"],
  ["studio"],
  ["cli"],
];

/** Everything else must run unchanged in a browser. */
const mayUseNodeModules = ["runtime", "io", "data", "sources", "report", "studio", "cli"];

/** The library has no dependencies; only readers of people's data and models and the command line, which it does not import, do. */
const mayUsePackages = ["sources", "onnx", "report", "studio", "cli"];

const inside = (folders) => `^src/(${folders.join("|")})/`;
const known = order.flat();
const outside = (folders) => known.filter((folder) => !folders.includes(folder));

const downwardOnly = order.slice(0, -1).map((row, level) => ({
  name: `${row.join("-")}-looks-up`,
  comment: "A folder imports only from itself and from the folders before it (.dependency-cruiser.mjs).",
  severity: "error",
  from: { path: inside(row) },
  to: { path: inside(order.slice(level + 1).flat()) },
}));

const neighboursShareTypesOnly = order.flatMap((row) =>
  row
    .filter(() => row.length > 1)
    .map((folder) => ({
      name: `${folder}-uses-a-neighbour`,
      comment: "Folders in one row may share types only.",
      severity: "error",
      from: { path: inside([folder]) },
      to: { path: inside(row.filter((other) => other !== folder)), dependencyTypesNot: ["type-only"] },
    })),
);

export default {
  forbidden: [
    ...downwardOnly,
    ...neighboursShareTypesOnly,
    {
      name: "no-cycles",
      comment: "Files that import each other, even for types only, cannot be understood one at a time.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "no-import-of-the-index",
      comment:
        "src/index.ts collects the public names; inside the library, import from where a name is made. The command line hands them to people's model files and experiments.",
      severity: "error",
      from: { path: "^src/.+/", pathNot: "^src/cli/(models/|experiments)" },
      to: { path: "^src/[^/]+$" },
    },
    {
      name: "every-folder-has-a-place",
      comment: "A new folder under src must be given its place in the order.",
      severity: "error",
      from: {},
      to: { path: "^src/[^/]+/", pathNot: inside(known) },
    },
    {
      name: "no-node-modules-here",
      comment: "This folder also runs in browsers.",
      severity: "error",
      from: { path: [inside(outside(mayUseNodeModules)), "^src/[^/]+$"] },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "no-packages-here",
      comment: "The library has no dependencies.",
      severity: "error",
      from: { path: [inside(outside(mayUsePackages)), "^src/[^/]+$"] },
      to: { dependencyTypes: ["npm", "npm-dev", "npm-optional", "npm-peer", "npm-no-pkg", "npm-unknown"] },
    },
    {
      name: "experiments-use-the-public-api",
      comment: "Experiments import what any user can: the package by its names, and each other.",
      severity: "error",
      from: { path: "^experiments/" },
      to: { pathNot: ["^experiments/", "^tidu$", "^tidu/", "^dist/[a-z]+/index[.]js$", "^dist/index[.]js$"] },
    },
    {
      name: "resolvable",
      comment: "The imported file does not exist.",
      severity: "error",
      // The package's own names lead to what is built, which need not have been done yet.
      from: { pathNot: "^experiments/" },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: ["node_modules", "^dist/"] },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "default"] },
  },
};

// Writes packages/*/api.md: every public name of every subpath with its type, from the built declarations (`npm run api`).
// With `--check`, as in `npm run check`, it only compares, so that no change of the API goes unnoticed.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const PACKAGES = ["tidu", "onnx", "cli"];

const at = (/** @type {string} */ path) => fileURLToPath(new URL(`../packages/${path}`, import.meta.url));

/** Subpaths that are not part of the API. */
const NOT_PUBLIC = ["./internal", "./worker", "./package.json"];

/**
 * The report on the package in this folder of `packages`. The package must have been built.
 *
 * @param {string} folder
 */
function apiReport(folder) {
  const { name, exports } = JSON.parse(readFileSync(at(`${folder}/package.json`), "utf8"));
  const entries = Object.entries(exports)
    .filter(([subpath]) => !NOT_PUBLIC.includes(subpath))
    .map(([subpath, entry]) => ({
      name: name + subpath.slice(1),
      file: at(`${folder}/${(entry.import ?? entry).types}`),
    }));
  const options = { module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2022, types: [], noEmit: true };
  const program = ts.createProgram(
    entries.map(({ file }) => file),
    options,
  );
  const report = new Report(program.getTypeChecker(), at(`${folder}/`));
  const parts = entries.map(({ name, file }) =>
    report.section(`## ${name}`, /** @type {ts.SourceFile} */ (program.getSourceFile(file))),
  );
  return [HEAD(name), ...parts, report.rest()].join("\n");
}

const HEAD = (/** @type {string} */ name) => `# The API of ${name}

Every public name and its type. Made by \`npm run api\` from the built declarations; a test compares.
`;

const printer = ts.createPrinter({ removeComments: true });

/** @param {ts.Node} node */
const isHidden = (node) =>
  (ts.isPropertyDeclaration(node) && ts.isPrivateIdentifier(node.name)) ||
  (ts.canHaveModifiers(node) && ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword));

const KINDS = ts.SymbolFlags.Class | ts.SymbolFlags.Interface | ts.SymbolFlags.TypeAlias | ts.SymbolFlags.Variable;

/** @param {ts.Declaration} declaration */
function isTop(declaration) {
  const { parent } = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
  return parent !== undefined && ts.isSourceFile(parent);
}

/** Collects declarations, and the types that they name but no subpath exports. */
class Report {
  /** Symbols that the report has covered. @type {Set<ts.Symbol>} */
  #said = new Set();
  /** Symbols that were named. @type {Set<ts.Symbol>} */
  #named = new Set();
  /** Modules that another one shows as a namespace, and the namespace's name. @type {Map<ts.Symbol, string>} */
  #namespaces = new Map();

  /** @param {ts.TypeChecker} checker @param {string} folder whose declarations count */
  constructor(checker, folder) {
    this.checker = checker;
    this.folder = folder;
  }

  /** @param {string} heading @param {ts.SourceFile} file */
  section(heading, file) {
    const module = this.checker.getSymbolAtLocation(file);
    if (module === undefined) return `${heading}\n\nHas no names: it is imported for what it does.\n`;
    const namespace = this.#namespaces.get(module);
    if (namespace !== undefined) return `${heading}\n\nThe names of \`${namespace}\` above.\n`;
    return `${heading}\n\n${this.#names(module, "").join("\n")}`;
  }

  /** Adds the types that were named but have no public name, until there are no more. */
  rest() {
    const blocks = new Map();
    for (const symbol of this.#named) {
      if (!this.#said.has(symbol)) blocks.set(symbol, this.#block(symbol, symbol.name));
    }
    const sorted = [...blocks].sort(([a], [b]) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
    return `## Types that these use, which have no public name\n\n${sorted.map(([, block]) => block).join("\n")}`;
  }

  /** @param {ts.Symbol} module @param {string} prefix @returns {string[]} */
  #names(module, prefix) {
    const symbols = this.checker.getExportsOfModule(module);
    symbols.sort((a, b) => (a.name < b.name ? -1 : 1));
    return symbols.flatMap((exported) => {
      const symbol = this.#origin(exported);
      const name = prefix + exported.name;
      if (!(symbol.flags & ts.SymbolFlags.ValueModule)) return this.#block(symbol, name);
      this.#namespaces.set(symbol, name);
      return this.#names(symbol, `${name}.`);
    });
  }

  /** @param {ts.Symbol} symbol @param {string} name */
  #block(symbol, name) {
    const again = this.#said.has(symbol);
    this.#said.add(symbol);
    if (again) return `### ${name}\n\nThe \`${symbol.name}\` above.\n`;
    const text = (symbol.declarations ?? []).map((declaration) => this.#print(declaration)).join("\n");
    return `### ${name}\n\n\`\`\`ts\n${text}\n\`\`\`\n`;
  }

  /** @param {ts.Declaration} declaration */
  #print(declaration) {
    const statement = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
    const shown = ts.transform(/** @type {ts.Node} */ (statement), [
      (context) => (root) => {
        const visit = (/** @type {ts.Node} */ node) => {
          if (isHidden(node)) return undefined;
          if (ts.isIdentifier(node)) this.#see(node);
          return ts.visitEachChild(node, visit, context);
        };
        return ts.visitNode(root, visit) ?? root;
      },
    ]).transformed[0];
    return printer
      .printNode(ts.EmitHint.Unspecified, shown, statement.getSourceFile())
      .replace(/^export (declare )?/, "");
  }

  /** Notes the symbol behind a name in a declaration, if it is one of this package's own types. */
  #see(/** @type {ts.Identifier} */ node) {
    const symbol = this.checker.getSymbolAtLocation(node);
    if (symbol === undefined) return;
    const origin = this.#origin(symbol);
    if (origin.flags & KINDS && origin.declarations?.some((d) => isTop(d) && this.#shows(d))) this.#named.add(origin);
  }

  /**
   * Whether a declaration is this package's own. `tidu/debug` shows the compiler's parts, but they are not a stable
   * API.
   */
  #shows(/** @type {ts.Declaration} */ declaration) {
    const { fileName } = declaration.getSourceFile();
    return fileName.startsWith(`${this.folder}dist/`) && !/\/dist\/(graph|compile|codegen)\//.test(fileName);
  }

  /** @param {ts.Symbol} symbol */
  #origin(symbol) {
    return symbol.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(symbol) : symbol;
  }
}

const check = process.argv.includes("--check");
for (const folder of PACKAGES) {
  const [path, report] = [at(`${folder}/api.md`), apiReport(folder)];
  if (!check) writeFileSync(path, report);
  else if (readFileSync(path, "utf8") !== report) {
    console.error(
      `The API differs from packages/${folder}/api.md. If you meant that, run "npm run api" and commit the file.`,
    );
    process.exitCode = 1;
  }
}

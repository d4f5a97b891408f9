// The public functions as TypeScript sees them: what each argument and option is called, and which bad values it accepts.
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import type { BadName } from "./bad-values.js";

/** An argument, an option, or what a list holds. */
export interface Slot {
  readonly name: string;
  /** The bad values that TypeScript lets pass. */
  readonly accepts: readonly BadName[];
  /** Whether it is a function: what a given one returns only shows when it is called. */
  readonly callable: boolean;
  /** Options of a record, by name. */
  readonly fields?: Readonly<Record<string, Slot>>;
  /** What is in a list. */
  readonly element?: Slot;
}

/** A public function, method or constructor with parameters. */
export interface Callable {
  /** As in "nn.linear", "Tensor.add", "new Generator", "data/split"; "()" at its end: what that function returns. */
  readonly id: string;
  readonly parameters: readonly Slot[];
  /** Number of the first argument that a rest parameter takes. */
  readonly rest?: number;
}

const here = process.env.HERE ?? dirname(fileURLToPath(import.meta.url));
const root = resolve(here, "../../..");
const DEPTH = 4;
/** Members that users cannot call on the class that declares them. */
const UNSEEN = ts.ModifierFlags.Private | ts.ModifierFlags.Protected | ts.ModifierFlags.Abstract;

export function readSurface(): Callable[] {
  const files = ["packages.ts", "bad-values.ts"].map((file) => resolve(here, file));
  const program = ts.createProgram(files, {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    strict: true,
    skipLibCheck: true,
    noEmit: true,
    types: ["node"],
  });
  return new Surface(program, files).read();
}

class Surface {
  readonly #checker: ts.TypeChecker;
  readonly #bad: readonly (readonly [BadName, ts.Type])[];
  readonly #packages: ts.Symbol;
  readonly #found = new Map<string, Callable>();

  constructor(
    readonly program: ts.Program,
    [packages, values]: readonly string[],
  ) {
    this.#checker = program.getTypeChecker();
    const moduleOf = (file: string) =>
      this.#checker.getSymbolAtLocation(program.getSourceFile(file) as ts.SourceFile) as ts.Symbol;
    this.#packages = moduleOf(packages);
    const bad = this.#checker.tryGetMemberInModuleExports("BAD", moduleOf(values)) as ts.Symbol;
    this.#bad = this.#checker.getPropertiesOfType(this.#checker.getTypeOfSymbol(bad)).map((property) => {
      const [call] = this.#checker.getTypeOfSymbol(property).getCallSignatures();
      return [property.name as BadName, call.getReturnType()] as const;
    });
  }

  read(): Callable[] {
    for (const entry of this.#checker.getExportsOfModule(this.#packages)) {
      this.#module(this.#target(entry), entry.name === "tidu" ? "" : `${entry.name}/`);
    }
    return [...this.#found.values()];
  }

  #target(symbol: ts.Symbol): ts.Symbol {
    return symbol.flags & ts.SymbolFlags.Alias ? this.#checker.getAliasedSymbol(symbol) : symbol;
  }

  #module(module: ts.Symbol, path: string): void {
    for (const entry of this.#checker.getExportsOfModule(module)) {
      const symbol = this.#target(entry);
      if (symbol.flags & ts.SymbolFlags.ValueModule) this.#module(symbol, `${path}${entry.name}.`);
      else if (symbol.flags & ts.SymbolFlags.Class) this.#class(symbol, path, entry.name);
      else if (symbol.flags & ts.SymbolFlags.Value)
        this.#callable(`${path}${entry.name}`, this.#checker.getTypeOfSymbol(symbol));
    }
  }

  #class(symbol: ts.Symbol, path: string, name: string): void {
    const type = this.#checker.getDeclaredTypeOfSymbol(symbol);
    if (this.#checker.getPropertiesOfType(type).some((p) => p.name === "stack")) return; // errors are thrown, not called
    const [made] = this.#checker.getTypeOfSymbol(symbol).getConstructSignatures();
    const isAbstract =
      (ts.getCombinedModifierFlags(symbol.valueDeclaration as ts.Declaration) & ts.ModifierFlags.Abstract) !== 0;
    const isInternal = made?.getJsDocTags().some((tag) => tag.name === "internal");
    if (made !== undefined && !isAbstract && !isInternal && this.#isValue(path, name))
      this.#add(`new ${path}${name}`, [made]);
    if (!isInternal && this.#isValue(path, name)) this.#statics(symbol, `${path}${name}`);
    for (const member of this.#checker.getPropertiesOfType(type)) {
      const declaration = member.valueDeclaration;
      const owner = declaration?.parent;
      if (declaration === undefined || owner === undefined || !ts.isClassDeclaration(owner)) continue;
      if (ts.getCombinedModifierFlags(declaration) & UNSEEN) continue;
      const id = `${owner.name?.text}.${member.name}`;
      if (ts.isMethodDeclaration(declaration)) this.#callable(id, this.#checker.getTypeOfSymbol(member));
      const setter = member.declarations?.find(ts.isSetAccessorDeclaration);
      if (setter !== undefined) {
        const parameter = this.#slot(member.name, this.#checker.getTypeOfSymbol(member));
        this.#found.set(`${id}=`, { id: `${id}=`, parameters: [parameter] });
      }
    }
  }

  /** Functions of a class itself, such as `native/NativeDevice.create`. */
  #statics(symbol: ts.Symbol, id: string): void {
    for (const member of this.#checker.getPropertiesOfType(this.#checker.getTypeOfSymbol(symbol))) {
      const declaration = member.valueDeclaration;
      if (declaration === undefined || !ts.isMethodDeclaration(declaration)) continue;
      if (ts.getCombinedModifierFlags(declaration) & UNSEEN) continue;
      this.#callable(`${id}.${member.name}`, this.#checker.getTypeOfSymbol(member));
    }
  }

  /** Whether a class can be made with \`new\` by users, or is exported as a type only. */
  #isValue(path: string, name: string): boolean {
    const [entry, ...inner] = (path === "" ? "tidu" : path.replace(/^(\w+)\/$/, "$1"))
      .split(/[./]/)
      .filter((p) => p !== "");
    let module: ts.Symbol | undefined = this.#checker.getExportsOfModule(this.#packages).find((s) => s.name === entry);
    const steps = module === undefined ? ["tidu", entry, ...inner] : [entry, ...inner];
    module = this.#packages;
    for (const step of steps) {
      const next = this.#checker.getExportsOfModule(module).find((s) => s.name === step);
      if (next === undefined) return false;
      module = this.#target(next);
    }
    const symbol = this.#checker.getExportsOfModule(module).find((s) => s.name === name) as ts.Symbol;
    return !symbol.declarations?.some((d) => ts.isExportSpecifier(d) && (d.isTypeOnly || d.parent.parent.isTypeOnly));
  }

  #callable(id: string, type: ts.Type): void {
    const signatures = type.getCallSignatures();
    if (signatures.length === 0) return;
    this.#add(id, signatures);
    const returned = signatures[0].getReturnType();
    const methods = returned
      .getProperties()
      .filter((p) => this.#checker.getTypeOfSymbol(p).getCallSignatures().length > 0);
    if (returned.getCallSignatures().length > 0 && methods.length === 0) this.#callable(`${id}()`, returned);
    if (returned.getProperty("prepare") !== undefined && returned.getCallSignatures().length > 0) {
      this.#callable(`${id}()`, returned);
      this.#callable(`${id}().prepare`, this.#checker.getTypeOfSymbol(returned.getProperty("prepare") as ts.Symbol));
    }
  }

  #add(id: string, signatures: readonly ts.Signature[]): void {
    const longest = signatures.reduce((a, b) => (b.parameters.length > a.parameters.length ? b : a));
    if (longest.parameters.length === 0 || this.#found.has(id)) return;
    let rest: number | undefined;
    const parameters = longest.parameters.map((p, i) => {
      const declaration = p.valueDeclaration as ts.ParameterDeclaration | undefined;
      let open = false;
      const types = signatures.flatMap((s) => {
        if (s.parameters[i] !== undefined) return [this.#checker.getTypeOfSymbol(s.parameters[i])];
        // What further arguments are, where the last parameter takes them all.
        const last = s.parameters.at(-1);
        const declared = last?.valueDeclaration as ts.ParameterDeclaration | undefined;
        const element = declared?.dotDotDotToken && this.#checker.getTypeOfSymbol(last as ts.Symbol);
        open ||= element !== undefined;
        return element === undefined ? [] : [element.getNumberIndexType() ?? element];
      });
      const named = declaration !== undefined && ts.isIdentifier(declaration.name) ? p.name : "options";
      if (declaration?.dotDotDotToken !== undefined) {
        rest = i;
        const list = this.#checker.getBaseConstraintOfType(types[0]) ?? types[0];
        const element = list.getNumberIndexType() ?? types[0];
        return this.#slot(p.name, element);
      }
      const optional = declaration?.questionToken !== undefined || declaration?.initializer !== undefined;
      return this.#slot(named, types[0], optional || open || types.length < signatures.length, types.slice(1));
    });
    this.#found.set(id, { id, parameters, rest });
  }

  #slot(name: string, given: ts.Type, optional = false, others: readonly ts.Type[] = [], depth = 0): Slot {
    const types = [given, ...others].map((t) => this.#checker.getBaseConstraintOfType(t) ?? t);
    const parts = types.flatMap((t) => (t.isUnion() ? t.types : [t]));
    const accepts = this.#bad
      .filter(([bad, value]) => types.some((t) => this.#accepts(value, t)) || (optional && bad === "undefined"))
      .map(([bad]) => bad);
    const callable = parts.some((p) => p.getCallSignatures().length > 0);
    if (depth >= DEPTH) return { name, accepts, callable };
    const list = parts.find((p) => this.#checker.isArrayType(p) || this.#checker.isTupleType(p));
    const element = list?.getNumberIndexType();
    const records = parts.filter((p) => this.#isRecord(p));
    const fields: Record<string, Slot> = {};
    for (const record of records) {
      for (const p of this.#checker.getPropertiesOfType(record)) {
        const isOptional = (p.flags & ts.SymbolFlags.Optional) !== 0;
        fields[p.name] ??= this.#slot(p.name, this.#checker.getTypeOfSymbol(p), isOptional, [], depth + 1);
      }
    }
    return {
      name,
      accepts,
      callable,
      ...(Object.keys(fields).length > 0 ? { fields } : {}),
      ...(element === undefined ? {} : { element: this.#slot(name, element, false, [], depth + 1) }),
    };
  }

  /** A record that holds an unknown option is refused where it is written down, as an object literal is. */
  #accepts(value: ts.Type, wanted: ts.Type): boolean {
    if (!this.#checker.isTypeAssignableTo(value, wanted)) return false;
    if (wanted.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return true;
    if (value.symbol?.name !== "__object") return true;
    const known = (wanted.isUnion() ? wanted.types : [wanted]).flatMap((t) => t.getProperties().map((p) => p.name));
    const index = (wanted.isUnion() ? wanted.types : [wanted]).some((t) => t.getStringIndexType() !== undefined);
    return index || value.getProperties().every((p) => known.includes(p.name));
  }

  /** Whether a type is a record of options of the project's own. */
  #isRecord(type: ts.Type): boolean {
    if (type.getCallSignatures().length > 0 || type.isClass() || (type.flags & ts.TypeFlags.Object) === 0) {
      return (
        type.isIntersection() &&
        type.types.every((t) => this.#isRecord(t) || (t.flags & ts.TypeFlags.TypeParameter) !== 0)
      );
    }
    if (this.#checker.isArrayType(type) || this.#checker.isTupleType(type)) return false;
    if (type.getNumberIndexType() !== undefined) return false;
    const [declaration] = type.symbol?.declarations ?? [];
    if (declaration === undefined || ts.isClassDeclaration(declaration)) return false;
    const file = declaration.getSourceFile().fileName;
    if (!file.startsWith(root) || file.includes("/node_modules/"))
      return type.symbol.name === "__type" && file.startsWith(root);
    const methods = type.getProperties().some((p) => (p.flags & ts.SymbolFlags.Method) !== 0);
    return !methods;
  }
}

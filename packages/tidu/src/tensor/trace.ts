// What is known while a function is being traced into a program, and `trace`, the one way from code to a program.
import { ArgumentError } from "../base/errors.js";
import type { Node, Storage, Update } from "../graph/node.js";
import { fromStorage, stopGradient } from "../graph/ops/index.js";

/** A place that compiled code reads and writes: a variable's. */
export interface Place {
  readonly storage: Storage;
  /** The variable. */
  readonly owner: object;
}

/** The trace that a node stands for something in: an argument, or what a variable holds when the program starts. */
const owners = new WeakMap<Node, Trace>();
/** For a node that stands for the contents of a place at some time in a trace: that place. */
const placesOf = new WeakMap<Node, Place>();

export const ownerOf = (node: Node): Trace | undefined => owners.get(node);
export const placeOf = (node: Node): Place | undefined => placesOf.get(node);

/** A trace under way, or one that has ended. */
export class Trace {
  /** Each random generator's state before the step. */
  readonly generators = new Map<object, Node>();
  /** Random draws so far. */
  draws = 0;
  /** Settings outside the code that decided what it was traced to. */
  readonly #settings = new Map<Setting<unknown>, unknown>();
  /** What the code found in places of lists, maps and objects, such as the layers in a network's fields. */
  readonly #parts = new Map<object, Map<unknown, unknown>>();
  /** The same as a list, checked at each call. */
  #found: readonly Found[] | undefined;
  readonly #replaced = replaced;
  /** The count of setting changes at which the settings were last as the code found them. */
  #heldAt = -1;
  /** Settings that the code has changed itself. */
  readonly #changed = new Set<Setting<unknown>>();
  /** What stands for the contents of places when the program starts. */
  readonly #before = new Map<Place, Node>();
  /** How assigned values are rewritten, if they are. */
  #change: ((before: Node, after: Node) => Node) | undefined;
  /** The values assigned to places, and as what each is read: a value of its own, through which no gradient flows. */
  #assigned = new Map<Place, { readonly value: Node; readonly read: Node }>();

  /** A node that stands for what a storage holds when the program starts. */
  input(storage: Storage): Node {
    const node = fromStorage(storage);
    owners.set(node, this);
    return node;
  }

  /** The contents of a place: what the trace assigned, or what the program will find. */
  read(place: Place): Node {
    return this.#assigned.get(place)?.read ?? this.#initial(place);
  }

  #initial(place: Place): Node {
    let node = this.#before.get(place);
    if (node === undefined) {
      this.#before.set(place, (node = this.input(place.storage)));
      placesOf.set(node, place);
    }
    return node;
  }

  assign(place: Place, given: Node): void {
    const value = this.#change === undefined ? given : this.#change(this.#initial(place), given);
    const read = stopGradient(value);
    placesOf.set(read, place);
    this.#assigned.set(place, { value, read });
  }

  /** Rewrites everything assigned so far and what `body` assigns, given each place's old and new value. */
  amend<T>(change: (before: Node, after: Node) => Node, body: () => T): T {
    this.#change = change;
    try {
      for (const [place, { value }] of this.#assigned) this.assign(place, value);
      return body();
    } finally {
      this.#change = undefined;
    }
  }

  /** Runs `body` and forgets what it assigns. */
  forget<T>(body: () => T): T {
    const before = this.#assigned;
    this.#assigned = new Map(before);
    try {
      return body();
    } finally {
      this.#assigned = before;
    }
  }

  /** Records that the code read a setting, and its value. */
  ask(setting: Setting<unknown>): void {
    if (!this.#changed.has(setting) && !this.#settings.has(setting)) this.#settings.set(setting, setting.untraced);
  }

  /** Records what the code found at a key of a map, list or object. */
  found(holder: object, key: unknown, part: unknown): void {
    const parts = this.#parts.get(holder);
    if (parts === undefined) this.#parts.set(holder, new Map([[key, part]]));
    else parts.set(key, part);
  }

  /** Records that the code changes a setting; returns a function that undoes the record. */
  change(setting: Setting<unknown>): () => void {
    if (this.#changed.has(setting)) return () => {};
    this.#changed.add(setting);
    return () => void this.#changed.delete(setting);
  }

  /** Whether tracing the same code now would give the same program. */
  get holds(): boolean {
    if (this.#replaced !== replaced) return false;
    if (this.#heldAt !== settingChanges) {
      for (const [setting, value] of this.#settings) if (setting.untraced !== value) return false;
      this.#heldAt = settingChanges;
    }
    this.#found ??= [...this.#parts].flatMap(([holder, parts]) =>
      [...parts].map(([key, part]) => ({ holder, key, part, map: holder instanceof Map ? holder : undefined })),
    );
    for (const { holder, key, part, map } of this.#found) {
      if ((map === undefined ? (holder as Record<string, unknown>)[key as string] : map.get(key)) !== part)
        return false;
    }
    return true;
  }

  /** All places that it reads or writes. */
  get places(): Place[] {
    return [...new Set([...this.#before.keys(), ...this.#assigned.keys()])];
  }
  /** Those that it writes. */
  get written(): ReadonlySet<Place> {
    return new Set(this.#assigned.keys());
  }
  get updates(): Update[] {
    return [...this.#assigned].map(([{ storage }, { value }]) => ({ storage, value }));
  }
}

/** Something found at a key of a map, list or object. */
interface Found {
  readonly holder: object;
  readonly key: unknown;
  readonly part: unknown;
  /** The holder, if it is a map. */
  readonly map: Map<unknown, unknown> | undefined;
}

/** How often `replace` has exchanged a layer; which code used the old one is not recorded. */
let replaced = 0;
export const noteReplaced = (): void => {
  replaced++;
};

/** How often any setting was changed. */
let settingChanges = 0;

/** A plain value outside that decides what code is traced to, such as the mode of a module. */
export class Setting<T> {
  #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  get value(): T {
    current?.ask(this as Setting<unknown>);
    return this.#value;
  }
  set value(value: T) {
    current?.change(this as Setting<unknown>);
    this.#set(value);
  }

  /** The value, without a record in the trace under way. */
  get untraced(): T {
    return this.#value;
  }

  /** Sets it until the returned function is called. */
  override(value: T): () => void {
    const was = this.#value;
    const undo = current?.change(this as Setting<unknown>);
    this.#set(value);
    return () => {
      this.#set(was);
      undo?.();
    };
  }

  #set(value: T): void {
    this.#value = value;
    settingChanges++;
  }
}

let current: Trace | undefined;

/** The trace under way, if any. */
export const tracing = (): Trace | undefined => current;

/** The result of a trace: what the code returned, and the values of the variables that it assigned. */
export interface Traced<T> {
  readonly result: T;
  readonly updates: readonly Update[];
  readonly trace: Trace;
}

/** Follows code without computing anything. Afterwards all variables read as before. */
export function trace<T>(body: (trace: Trace) => T): Traced<T> {
  const outer = current;
  const mine = new Trace();
  current = mine;
  try {
    const result = body(mine);
    return { result, updates: mine.updates, trace: mine };
  } finally {
    current = outer;
  }
}

/** Throws ArgumentError for a node that means something only inside a trace that is not `allowed`. */
export function refuseTraced(node: Node, allowed: Trace | undefined): void {
  const owner = owners.get(node);
  if (owner === undefined || owner === allowed) return;
  throw new ArgumentError(
    "compile: a tensor that a compiled function computes has no value outside of it; return it from the function, and use what the call gives",
  );
}

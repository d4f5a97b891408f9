// The samples of a stream, and their checks.
import { check, type Fields, listOf, needed, oneOrMore, options as optionsOf, text, words } from "../base/check.js";
import type { TypedArray } from "../base/dtype.js";
import { ArgumentError, DataError } from "../base/errors.js";
import { formatShape, type Shape, sizeOf } from "../base/shape.js";
import { show } from "../base/show.js";

/** One sample of a stream. Its arrays then belong to the stream: do not use them again. */
export interface StreamSample {
  /**
   * Row-major elements, of the stream's `inputType`; or a function that reads them. It is called only for samples that
   * are needed: not for those that resumed training skips, nor for those of other processes.
   */
  readonly input: TypedArray | (() => TypedArray | Promise<TypedArray>);
  /** The class number, or as many values as `targetShape` has. */
  readonly target: number | ArrayLike<number>;
}

/** Starts a stream from its first sample: called anew for each epoch, with its number from 0. */
export type StreamSource = (epoch: number) => AsyncIterable<StreamSample> | Iterable<StreamSample>;

/** The form of a stream's samples. */
export interface StreamForm {
  /** Shape of one input. */
  readonly inputShape: Shape;
  /** Element type of inputs, which steps get unchanged. Default "f32". */
  readonly inputType?: "f32" | "i32" | "u8";
  /** Names of the classes; targets are then class numbers. */
  readonly classes?: readonly string[];
  /** Shape of one sample's target values, where it has no class. */
  readonly targetShape?: Shape;
  /** Number of samples, where it is known; another number is then an error. */
  readonly count?: number;
}

const ARRAYS = { f32: Float32Array, i32: Int32Array, u8: Uint8Array } as const;

/** A sample and its place in the stream. */
export interface Numbered extends StreamSample {
  readonly number: number;
}

const SHAPE = listOf(oneOrMore, "a list of whole numbers of at least 1, such as [2, 3]");
const FORM: Fields = {
  inputShape: needed(SHAPE),
  inputType: words(...Object.keys(ARRAYS)),
  classes: listOf(text),
  targetShape: SHAPE,
  count: oneOrMore,
};

/** Throws ArgumentError where options, those of a form and `more`, are wrong or do not define the targets. */
export function checkForm(where: string, options: StreamForm, more: Fields): void {
  check(where, "options", options, optionsOf({ ...FORM, ...more }));
  if ((options.classes === undefined) === (options.targetShape === undefined)) {
    const problem =
      options.classes === undefined
        ? "neither classes nor targetShape is given"
        : "classes and targetShape are both given";
    throw new ArgumentError(`${where}: ${problem}; give classes if targets are class numbers, else targetShape`);
  }
}

const ITERABLE = {
  says: "an iterable of samples, such as a generator",
  ok: (v: unknown) => typeof v === "object" && v !== null && (Symbol.iterator in v || Symbol.asyncIterator in v),
};

/** The samples of one epoch, each checked and numbered. */
export async function* numbered(source: StreamSource, epoch: number, form: StreamForm): AsyncGenerator<Numbered> {
  let number = 0;
  const samples = source(epoch);
  check("streamDataset", "what source returns", samples, ITERABLE);
  for await (const sample of samples) {
    if (typeof sample !== "object" || sample === null || !("input" in sample))
      failAt(number)(`it is ${show(sample)}, expected { input, target }`);
    const { input, target } = sample;
    checkTarget(target, number, form);
    if (typeof input !== "function") checkInput(input, number, form);
    yield { input, target, number: number++ };
  }
  if (number === (form.count ?? number) && number > 0) return;
  throw new DataError(
    `stream: it ended after ${number} ${number === 1 ? "sample" : "samples"}, expected ${form.count ?? "at least one"}; correct count or the source`,
  );
}

/** The input of a sample, read and checked if it was not. */
export async function inputOf({ input, number }: Numbered, form: StreamForm): Promise<TypedArray> {
  if (typeof input !== "function") return input;
  const values = await input();
  checkInput(values, number, form);
  return values;
}

const failAt =
  (number: number) =>
  (problem: string): never => {
    throw new DataError(`stream: sample ${number}: ${problem}; correct the source`);
  };

function checkInput(input: TypedArray, number: number, { inputShape, inputType = "f32" }: StreamForm): void {
  const fail = failAt(number);
  const wanted = ARRAYS[inputType];
  if (!(input instanceof wanted) || input.length !== sizeOf(inputShape)) {
    const length: unknown = (input as TypedArray | undefined)?.length;
    const given = typeof length === "number" ? `${input.constructor.name} of ${length} elements` : show(input);
    fail(`the input is ${given}, expected ${wanted.name} of ${sizeOf(inputShape)} for ${formatShape(inputShape)}`);
  }
  if (inputType === "f32") checkFinite("input", input, fail);
}

function checkTarget(target: number | ArrayLike<number>, number: number, form: StreamForm): void {
  const { classes, targetShape = [], count } = form;
  const fail = failAt(number);
  if (number === count) fail(`there are more samples than count, ${count}`);
  if (classes !== undefined) {
    if (typeof target === "number" && target >= 0 && target < classes.length && Number.isInteger(target)) return;
    fail(`its label is ${target}, not one of the ${classes.length} classes, 0…${classes.length - 1}`);
  }
  const values = typeof target === "number" ? [target] : target;
  const length: unknown = (values as typeof values | undefined)?.length;
  if (typeof length !== "number") fail(`its target is ${show(target)}, expected ${sizeOf(targetShape)} numbers`);
  if (length !== sizeOf(targetShape)) fail(`it has ${length} target values, not ${sizeOf(targetShape)}`);
  checkFinite("target", values, fail);
}

function checkFinite(what: string, values: ArrayLike<number>, fail: (problem: string) => never): void {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) fail(`the ${what} is not finite: element ${i} is ${values[i]}`);
  }
}

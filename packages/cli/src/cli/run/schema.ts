// What a run's files must look like. They may be damaged, or come from others: whatever is in them, using them ends with a
// result or an error that names the place.
// Ajv: kept up, the validator of JSON Schema that most others build on.
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import { DataError } from "tidu";
import { show } from "tidu/internal";
import { DATE_FORMATS, DATE_PARTS } from "../../sources/tables/dates.js";
import { TABLE_FORMS } from "../../sources/tables/forms.js";
import { MOST_PLACES } from "../../sources/tables/hashing.js";
import { METRICS } from "./score.js";

const [text, flag, number] = [{ type: "string" }, { type: "boolean" }, { type: "number" }];
const [count, whole] = [
  { type: "integer", minimum: 1, maximum: Number.MAX_SAFE_INTEGER },
  { type: "integer", minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
];
const list = (items: object, minItems = 0): object => ({ type: "array", items, minItems });
const oneOf = (...values: readonly (string | number)[]): object => ({ enum: values });
const above0 = { type: "number", exclusiveMinimum: 0 };

/** An object that must have some properties, and may have others. */
const object = (needed: Record<string, object>, others: Record<string, object> = {}): object => ({
  type: "object",
  properties: { ...needed, ...others },
  required: Object.keys(needed),
});

const without = (from: Record<string, object>, ...names: readonly string[]): Record<string, object> =>
  Object.fromEntries(Object.entries(from).filter(([name]) => !names.includes(name)));

const model = object(
  { name: text },
  {
    path: text,
    source: text,
    signature: text,
    files: { type: "object", additionalProperties: text },
    from: object({ path: text }, { freeze: text }),
    hidden: list(count, 1),
    options: { type: "object", additionalProperties: { type: ["string", "number", "boolean"] } },
  },
);

const format = object({
  decimal: oneOf(".", ","),
  thousands: oneOf("", ",", ".", " ", "'"),
  prefix: text,
  suffix: text,
});
const scale = object({ name: text, mean: number, deviation: above0 }, { format });
const task = oneOf("classification", "regression");
const numbers = list(number, 1);
const deviations = list(above0, 1);
const learned = { classes: list(text, 1), targets: list(scale, 1) };

const column = {
  type: "object",
  discriminator: { propertyName: "kind" },
  required: ["kind"],
  oneOf: [
    object({ kind: { const: "number" }, name: text, mean: number, deviation: above0 }, { format, missing: flag }),
    object(
      {
        kind: { const: "date" },
        name: text,
        format: oneOf(...Object.keys(DATE_FORMATS)),
        parts: list(oneOf(...DATE_PARTS), 1),
        mean: number,
        deviation: above0,
      },
      { missing: flag },
    ),
    object(
      { kind: { const: "hash" }, name: text, places: { type: "integer", minimum: 1, maximum: MOST_PLACES } },
      { missing: flag },
    ),
    object({ kind: { const: "category" }, name: text, categories: list(text) }),
  ],
};

const dialect = object({}, { delimiter: text, usual: text, header: flag, encoding: text, missing: list(text) });

const preprocess = {
  type: "object",
  discriminator: { propertyName: "kind" },
  required: ["kind"],
  oneOf: [
    object(
      {
        kind: { const: "image" },
        task,
        height: count,
        width: count,
        channels: oneOf(1, 3),
        mean: numbers,
        deviation: deviations,
      },
      { ...learned, fit: oneOf("stretch", "letterbox", "crop") },
    ),
    object({ kind: { const: "array" }, task, shape: list(count, 1), mean: numbers, deviation: deviations }, learned),
    object({ kind: { const: "table" }, task, columns: list(column), target: list(text, 1) }, { ...learned, dialect }),
  ],
};

const data = object(
  {
    path: text,
    options: { type: "object" },
    kind: oneOf("mnist", "images", "idx", "npy", ...TABLE_FORMS),
    task,
    fingerprint: text,
    inputShape: list(count, 1),
    outputs: count,
    preprocess,
  },
  { classes: list(text, 1), validation: text, test: text, description: list(text) },
);

const needed = {
  epochs: count,
  batchSize: count,
  optimizer: text,
  lr: above0,
  l2: { type: "number", minimum: 0 },
  validation: { oneOf: [{ type: "number", minimum: 0, exclusiveMaximum: 1 }, { const: "test" }] },
  seed: whole,
  checkpoint: object({}, { everySteps: count, everySeconds: above0 }),
};
const others = {
  loss: text,
  clip: above0,
  shards: count,
  syncBatchNorm: flag,
  schedule: text,
  dropout: { type: "number", minimum: 0, exclusiveMaximum: 1 },
  augment: text,
  earlyStop: count,
  samples: count,
  metric: oneOf(...Object.keys(METRICS)),
  classWeights: list(above0, 2),
  tensorboard: flag,
  report: flag,
  device: oneOf("auto", "wasm", "native", "webgpu"),
  threads: { type: "integer", minimum: 1, maximum: 64 },
  portable: flag,
};
const training = object(needed, others);

/** What `--config` is given: some of a config.json. */
const wishes = object(
  {},
  {
    model,
    data: object({}, { path: text, options: { type: "object" }, validation: text, test: text }),
    training: object({}, { ...needed, ...others }),
  },
);

const config = object({
  format: { const: 1 },
  command: text,
  versions: object({ tidu: text, node: text }),
  model,
  data,
  training,
});

/** A loss that is no number is written as null. */
const measure = { type: ["number", "null"] };
const evaluation = object({ loss: measure }, { accuracy: measure });
const epoch = object(
  { epoch: count, loss: measure, seconds: measure },
  {
    lr: number,
    measured: measure,
    accuracy: measure,
    validation: evaluation,
    best: flag,
    stopped: flag,
    losses: list(measure),
  },
);
const result = object(
  { parameters: whole, epochs: whole, bestEpoch: whole, seconds: measure, peakBytes: measure },
  { test: evaluation, validation: evaluation, train: evaluation, last: { type: "object" } },
);

const texts = { type: "object", additionalProperties: text };
/** A person's wishes of a training, none of which must be there. */
const said = {
  ...needed,
  ...others,
  classWeights: { const: "balanced" },
  model: { anyOf: [text, model] },
  hidden: list(count, 1),
  set: { type: "object", additionalProperties: { type: ["string", "number", "boolean"] } },
};
const plan = object(
  {
    format: { const: 1 },
    command: text,
    search: oneOf("random", "grid", "halving"),
    wishes: object(
      { data: text, reading: { type: "object" }, command: text, ...without(needed, "epochs", "batchSize", "lr") },
      said,
    ),
    trials: list(object({ settings: texts, wishes: object({}, said) }), 1),
    rungs: list(object({ trials: count, share: { type: "number", exclusiveMinimum: 0, maximum: 1 } }), 1),
    fingerprint: text,
  },
  { folds: { type: "integer", minimum: 2 } },
);
const outcomes = list(
  object({ epochs: whole, bestEpoch: whole, seconds: measure }, { quality: evaluation, failed: text }),
);

const schemas = { config, wishes, epoch, result, plan, outcomes };
const validators = new Map<string, ValidateFunction>();

function validator(name: keyof typeof schemas): ValidateFunction {
  const known =
    validators.get(name) ??
    new Ajv({ discriminator: true, strict: false, meta: false, validateSchema: false }).compile(schemas[name]);
  validators.set(name, known);
  return known;
}

/**
 * Checks what was read from a run's file.
 *
 * @throws DataError, which names the file and the place in it.
 */
export function checkRecord<T>(name: keyof typeof schemas, value: unknown, file: string): T {
  const validate = validator(name);
  if (validate(value)) return value as T;
  const [error] = validate.errors as ErrorObject[];
  throw new DataError(`${file}: ${problemOf(error, value)}: put back the file as it was written, or train again`);
}

function problemOf({ instancePath, keyword, params, message = "" }: ErrorObject, value: unknown): string {
  const parts = instancePath.split("/").slice(1).map(unescaped);
  // What tells kinds apart is itself the place.
  if (keyword === "discriminator") parts.push(params.tag);
  const found = parts.reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], value);
  const place = parts.length === 0 ? "its content" : parts.join(".");
  if (keyword === "required") return `${place} has no "${params.missingProperty}"`;
  const allowed = ALLOWED[keyword]?.(params) ?? message;
  return `${place} is ${found === undefined ? "missing" : show(found)}; it ${allowed}`;
}

/** What some keywords ask for, in words. */
const ALLOWED: Readonly<Record<string, (params: ErrorObject["params"]) => string>> = {
  enum: ({ allowedValues }) => `must be one of ${allowedValues.join(", ")}`,
  const: ({ allowedValue }) => `must be ${JSON.stringify(allowedValue)}`,
  type: ({ type }) => `must be of type ${type}`,
  discriminator: () => "must be one that this version knows",
};

/** Of JSON pointers. */
const unescaped = (part: string): string => part.replaceAll("~1", "/").replaceAll("~0", "~");

// Schemas of a run's files. Files may be damaged or foreign: whatever they contain, using them gives a result or an
// error that names the place.
// Ajv: kept up, the validator of JSON Schema that most others build on.
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import { DataError } from "tidu";
import { show } from "tidu/internal";
import { DATE_FORMATS, DATE_PARTS } from "../../sources/tables/dates.js";
import { TABLE_FORMS } from "../../sources/tables/forms.js";
import { MOST_PLACES } from "../../sources/tables/hashing.js";
import type { DataChoices } from "./config.js";
import { METRICS } from "./score.js";
import { unknownSetting } from "./unknown-setting.js";

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

/** An object that has nothing but these properties. */
const only = (properties: Record<string, object>): object => ({
  ...object({}, properties),
  additionalProperties: false,
});

const without = (from: Record<string, object>, ...names: readonly string[]): Record<string, object> =>
  Object.fromEntries(Object.entries(from).filter(([name]) => !names.includes(name)));

const [modelName, pretrained] = [{ name: text }, { path: text, sha256: text, freeze: text, features: text }];
const start = {
  path: text,
  sha256: text,
  prefix: text,
  freeze: text,
  made: object({ outputs: count }, { classes: count }),
  fresh: list(text),
  reshaped: list(text),
  unused: list(text),
};
const modelParts = {
  path: text,
  source: text,
  signature: text,
  files: { type: "object", additionalProperties: text },
  from: object({ path: text }, without(pretrained, "path")),
  start: object({ path: text, sha256: text }, without(start, "path", "sha256")),
  hidden: list(count, 1),
  options: { type: "object", additionalProperties: { type: ["string", "number", "boolean"] } },
};
const model = object(modelName, modelParts);

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

/** How data are to be read. */
const reading: Record<keyof DataChoices, object> = {
  kind: oneOf("mnist", "images", "idx", "npy", ...TABLE_FORMS),
  target: { type: ["string", "array"], items: text },
  ignore: list(text),
  categorical: list(text),
  numeric: list(text),
  dates: list(text),
  dateOrder: oneOf("ymd", "dmy", "mdy"),
  missing: list(text),
  delimiter: text,
  header: flag,
  encoding: text,
  decimal: oneOf(".", ","),
  thousands: oneOf(",", ".", " ", "'"),
  task,
  size: { type: ["integer", "array"], items: count },
  channels: oneOf(1, 3),
  fit: oneOf("stretch", "letterbox", "crop"),
  skipDamaged: flag,
  labels: text,
  splitBy: text,
  splitTime: text,
  folds: { type: "integer", minimum: 2 },
  fold: count,
};

/** What was found out about data. */
const facts = {
  kind: reading.kind,
  task,
  fingerprint: text,
  inputShape: list(count, 1),
  outputs: count,
  preprocess,
};
const [otherFacts, dataPaths] = [
  { classes: list(text, 1), description: list(text) },
  { path: text, validation: text, test: text, preprocessedAs: text },
];
const data = object(
  { path: text, options: { type: "object" }, ...facts },
  { ...otherFacts, ...without(dataPaths, "path") },
);

const intervals = { everySteps: count, everySeconds: above0 };
const needed = {
  epochs: count,
  batchSize: count,
  optimizer: text,
  lr: above0,
  l2: { type: "number", minimum: 0 },
  validation: { oneOf: [{ type: "number", minimum: 0, exclusiveMaximum: 1 }, { const: "test" }] },
  seed: whole,
  checkpoint: object({}, intervals),
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

/** The settings of training that a config.json may have. */
export const TRAINING_SETTINGS = Object.keys({ ...needed, ...others });

const WEIGHTS = { anyOf: [others.classWeights, { const: "balanced" }] };

/** What a person may set in a file for `--config`. */
const settings: { readonly [part: string]: Record<string, object> } = {
  model: { ...modelName, ...modelParts, from: { ...only(pretrained), required: ["path"] } },
  data: { ...dataPaths, options: only(reading) },
  training: { ...needed, ...others, classWeights: WEIGHTS, checkpoint: only(intervals) },
};
/** All places of settings, such as training.lr. */
const places = [
  ...Object.entries(settings).flatMap(([part, names]) => [
    part,
    ...Object.keys(names).map((name) => `${part}.${name}`),
  ]),
  ...Object.keys(reading).map((name) => `data.options.${name}`),
  ...Object.keys(pretrained).map((name) => `model.from.${name}`),
  ...Object.keys(intervals).map((name) => `training.checkpoint.${name}`),
];

/** Some of a config.json: settings, and of a run's own also what was found out. */
const wishes = (found: Record<string, object>, besides: Record<string, object>): object =>
  only({
    model: { ...only(settings.model), required: ["name"] },
    data: only({ ...settings.data, ...found }),
    training: only(settings.training),
    ...besides,
  });
const known = { format: { const: 1 }, command: text, versions: { type: "object" } };

const config = object({
  format: { const: 1 },
  command: text,
  versions: object({ tidu: text, node: text }),
  model,
  data,
  training,
});

/** A loss that is not a number is written as null. */
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
  classWeights: WEIGHTS,
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

const schemas = {
  config,
  wishes: wishes({}, known),
  /** The same where the data's part is a run's own. */
  rewishes: wishes({ ...facts, ...otherFacts, preprocess: { type: "object" } }, known),
  epoch,
  result,
  plan,
  outcomes,
};
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
  const mend = name.endsWith("wishes") ? "correct it" : "put back the file as it was written, or train again";
  const unknown = error.keyword === "additionalProperties";
  const path = [...pathOf(error), error.params.additionalProperty];
  const problem = unknown ? unknownSetting(path, places) : `${problemOf(error, value)}; ${mend}`;
  throw new DataError(`${file}: ${problem}`);
}

const pathOf = ({ instancePath }: ErrorObject): string[] => instancePath.split("/").slice(1).map(unescaped);

function problemOf(error: ErrorObject, value: unknown): string {
  const { keyword, params, message = "" } = error;
  const parts = pathOf(error);
  // What tells kinds apart is itself the place.
  if (keyword === "discriminator") parts.push(params.tag);
  const found = parts.reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], value);
  const place = parts.length === 0 ? "its content" : parts.join(".");
  if (keyword === "required") return `${place} has no "${params.missingProperty}"`;
  const allowed = ALLOWED[keyword]?.(params) ?? message;
  return `${place} is ${found === undefined ? "missing" : show(found)}; it ${allowed}`;
}

/** The requirements of some keywords, in words. */
const ALLOWED: Readonly<Record<string, (params: ErrorObject["params"]) => string>> = {
  enum: ({ allowedValues }) => `must be one of ${allowedValues.join(", ")}`,
  const: ({ allowedValue }) => `must be ${JSON.stringify(allowedValue)}`,
  type: ({ type }) => `must be of type ${[type].flat().join(" or ")}`,
  discriminator: () => "must be one that this version knows",
};

/** Of JSON pointers. */
const unescaped = (part: string): string => part.replaceAll("~1", "/").replaceAll("~0", "~");

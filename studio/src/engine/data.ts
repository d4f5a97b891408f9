// The data of a training: points, digits, or a table that the reader brought.
import { type Tensor, zeros } from "tidu";
import { Dataset, dataset } from "tidu/data";
import { loadDigits } from "./digits.js";
import { featuresOf, makePoints } from "./points.js";
import { hasNumbers, type InputName, isPicture, isPointSet, type Settings } from "./settings.js";
import { Troubled } from "./trouble.js";

/** What is learned, and what is measured on: of each point x, y and class or number. */
export interface Points {
  readonly train: Float32Array;
  readonly test: Float32Array;
}

/** The training samples of a network, and those that it is measured on. */
export interface Data {
  readonly train: Dataset;
  readonly test: Dataset;
  /** Numbers that a network is to give for each sample. */
  readonly outputs: number;
  /** Whether it is to tell classes, of which there are so many, or to give numbers. */
  readonly classes: number | undefined;
  /** Of points: what a network is given for each x and y of the plane. */
  readonly plane?: (places: Float32Array) => { readonly values: Float32Array; readonly width: number };
  readonly points?: Points;
}

/** The smallest and the largest of some numbers. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/** What a person brought. */
export interface OwnData {
  readonly kind: "table" | "pictures";
  /** Samples one after the other. Of a table: numbers, those of each column from -1 to 1. Of pictures: gray values, 0 to 255. */
  readonly inputs: Float32Array | Uint8Array;
  readonly shape: readonly number[];
  /** Class numbers, or numbers. */
  readonly targets: Uint8Array | Float32Array;
  /** Names of the classes; none for numbers. */
  readonly classes?: readonly string[];
  /** Names of the columns. */
  readonly columns?: readonly string[];
  /** Of a table: the smallest and the largest number of each column, which -1 and 1 stand for. */
  readonly ranges?: readonly Range[];
  /** Of a table whose target is a number. */
  readonly target?: Range & { readonly name: string };
  /** Columns of a table that are not inputs: not all in them are numbers, or there are too many; rows without a target. */
  readonly leftOut?: { readonly texts: readonly string[]; readonly more: readonly string[]; readonly rows: number };
  /** Of a table: fields without a value that got the mean of their column, and these columns. */
  readonly filled?: { readonly fields: number; readonly columns: readonly string[] };
  /** Files that were to be pictures and could not be read. */
  readonly unread?: readonly string[];
}

/** Points in both sets together. */
export const POINTS = 400;
/** Added to the seed for the points that a network is measured on. */
export const TEST_SEED = 1_000_003;

/**
 * What networks see of points and of pictures. Pictures as numbers: standardized, as `mnist()` of tidu/data has it. As
 * whole numbers: sixteen equal parts of the plane from -1.25 to 1.25 on each axis (what lies outside is in the last), and of
 * the gray values.
 */
const SEEN = {
  points: { numbers: (x) => x, levels: (x) => x.add(1.25).mul(6.4).maximum(0).minimum(15).toInt() },
  pictures: {
    numbers: (x) =>
      x
        .toFloat()
        .mul(1 / (255 * 0.3081))
        .sub(0.1307 / 0.3081),
    levels: (x) =>
      x
        .toFloat()
        .mul(1 / 16)
        .toInt(),
  },
} as const satisfies Record<string, Record<InputName, (x: Tensor) => Tensor>>;

/** The data that the settings name. Throws Troubled where it cannot be had. */
export async function loadData(settings: Settings, own?: OwnData): Promise<Data> {
  const { data, input } = settings;
  const found = isPointSet(data)
    ? pointsOf(settings, data)
    : data === "digits"
      ? { ...(await loadDigits()), outputs: 10, classes: 10 }
      : ownOf(settings, own);
  const transform = SEEN[isPicture(data) ? "pictures" : "points"][input];
  const seen = ({ inputs, targets }: Dataset): Dataset => new Dataset(inputs, targets, { transform });
  return { ...found, train: seen(found.train), test: seen(found.test) };
}

/** Something like what a network sees of one sample. */
export const exampleOf = ({ train }: Data): Tensor => train.transform(zeros([1, ...train.inputShape]));

function pointsOf({ noise, seed, share, features, input }: Settings, name: Parameters<typeof makePoints>[0]): Data {
  // Whole numbers stand for places; other inputs have none.
  const names = input === "levels" ? (["x", "y"] as const) : features;
  const count = Math.round((POINTS * share) / 100);
  const made = [makePoints(name, count, noise, seed), makePoints(name, POINTS - count, noise, seed + TEST_SEED)];
  const [train, test] = made.map(({ places, targets }) => dataset(featuresOf(places, names), [names.length], targets));
  const numbers = hasNumbers(name);
  return {
    train,
    test,
    outputs: numbers ? 1 : 2,
    classes: numbers ? undefined : 2,
    plane: (places) => ({ values: featuresOf(places, names), width: names.length }),
    points: { train: drawn(made[0].places, 2, made[0].targets), test: drawn(made[1].places, 2, made[1].targets) },
  };
}

/** x, y and target of each point, of its first two numbers. */
const drawn = (inputs: Float32Array, width: number, targets: Uint8Array | Float32Array): Float32Array =>
  Float32Array.from({ length: 3 * targets.length }, (_, i) => {
    const [point, part] = [Math.floor(i / 3), i % 3];
    if (part === 2) return targets[point];
    return part < width ? inputs[point * width + part] : 0;
  });

function ownOf({ data, share, seed }: Settings, own: OwnData | undefined): Data {
  if (own === undefined || own.kind !== data) throw new Troubled({ code: "ownMissing" });
  const { inputs, shape, targets, classes } = own;
  const width = shape.reduce((n, d) => n * d, 1);
  const order = shuffled(targets.length, seed);
  const count = Math.max(1, Math.min(targets.length - 1, Math.round((targets.length * share) / 100)));
  const part = (rows: readonly number[]) => {
    const own = rows.map((row) => inputs.subarray(row * width, (row + 1) * width));
    const values =
      inputs instanceof Uint8Array ? new Uint8Array(rows.length * width) : new Float32Array(rows.length * width);
    own.forEach((row, i) => values.set(row, i * width));
    const wanted =
      targets instanceof Uint8Array
        ? Uint8Array.from(rows, (row) => targets[row])
        : Float32Array.from(rows, (row) => targets[row]);
    return { set: dataset(values, shape, wanted), values, wanted };
  };
  const [train, test] = [part(order.slice(0, count)), part(order.slice(count))];
  const shared = { train: train.set, test: test.set, outputs: classes?.length ?? 1, classes: classes?.length };
  if (own.kind === "pictures") return shared;
  const points = (of: typeof train) => drawn(of.values as Float32Array, width, of.wanted);
  return {
    ...shared,
    plane: (places) => ({
      // Columns after the second are held in their middle, which is 0.
      values: Float32Array.from({ length: (places.length / 2) * width }, (_, i) =>
        i % width < 2 ? places[2 * Math.floor(i / width) + (i % width)] : 0,
      ),
      width,
    }),
    points: { train: points(train), test: points(test) },
  };
}

/** The numbers from 0 up to `count`, in an order that depends on the seed alone. */
function shuffled(count: number, seed: number): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  let state = (seed ^ 0x9e3779b9) >>> 0;
  for (let i = count - 1; i > 0; i--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const j = Math.floor((state / 2 ** 32) * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

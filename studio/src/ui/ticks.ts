// Where axes have their numbers.

type Range = readonly [low: number, high: number];

/** Round numbers for an axis, about five. */
export function ticks([low, high]: Range): number[] {
  const rough = (high - low) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((n) => n * power).find((s) => s >= rough) as number;
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({ length: count }, (_, i) => Number(((first + i) * step).toPrecision(6)));
}

/** What an axis of epochs shows: from the beginning on, and at least one. */
export const epochRange = (low: number, high: number): [number, number] => [Math.min(0, low), Math.max(1, high)];

/** How much more a logarithmic axis shows than there are values, and by how many times its ends differ at least. */
const [AROUND, LEAST] = [1.1, 2];

/** What a logarithmic axis shows of values from `low` to `high`, which are above 0: they fill it. */
export function logRange(low: number, high: number): [number, number] {
  const half = Math.sqrt(Math.max((high / low) * AROUND ** 2, LEAST));
  const middle = Math.sqrt(low) * Math.sqrt(high);
  return [middle / half, middle * half];
}

/** Numbers that a logarithmic axis has at most. */
const MOST = 5;

/** On a logarithmic axis powers of ten, or every second, third … of them; where there is at most one, numbers between. */
export function logTicks([low, high]: Range): number[] {
  if (!(low > 0 && high > low)) return [];
  const powers = between(Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9));
  const every = Math.ceil(powers.length / MOST);
  if (powers.length > 1) return powers.filter((power) => power % every === 0).map(tenTo);
  const parts = between(Math.floor(Math.log10(low)), Math.ceil(Math.log10(high)))
    .flatMap((power) => [1, 2, 5].map((n) => Number((n * tenTo(power)).toPrecision(1))))
    .filter((value) => value >= low && value <= high);
  return parts.length > 1 ? parts : ticks([low, high]);
}

/** Steps of an axis that counts: nothing lies between two epochs. */
export const WHOLE_STEPS: readonly number[] = between(0, 9)
  .flatMap((power) => [1, 2, 2.5, 5].map((n) => n * tenTo(power)))
  .filter(Number.isInteger);

function between(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
}

function tenTo(power: number): number {
  return Number(`1e${power}`);
}

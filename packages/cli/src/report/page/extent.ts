/** The smallest and the largest of any number of values: a call with each as an argument would end the process at 125,000. */
export const extent = (values: readonly number[]): [low: number, high: number] =>
  values.reduce<[number, number]>(([low, high], v) => [Math.min(low, v), Math.max(high, v)], [Infinity, -Infinity]);

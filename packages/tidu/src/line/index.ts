// Functions along an axis: running sums and sorting.
export { cumprod, cumsum } from "./scan.js";
export { argsort, type Sorted, sort, topk } from "./sort.js";

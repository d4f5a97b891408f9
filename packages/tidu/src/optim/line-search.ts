// A search along a direction for a place that the strong Wolfe conditions accept: Nocedal and Wright, 2006, algorithms 3.5 and 3.6.

/** A place, the cost there, and its gradient. */
export interface Point {
  readonly x: Float64Array;
  readonly cost: number;
  readonly gradient: Float64Array;
}

/** A place along the direction. */
interface Along extends Point {
  readonly t: number;
  readonly slope: number;
}

/** The constants of the strong Wolfe conditions: for the decrease of the cost, and for that of the slope. */
const [FALL, SLOPE] = [1e-4, 0.9];
const MOST = 25;

/**
 * @param first whether nothing is known of the scale: then the first step has length 1 at most.
 * @returns undefined where no place with a smaller cost is found.
 */
export async function lineSearch(
  at: (x: Float64Array) => Promise<Point>,
  from: Point,
  direction: Float64Array,
  first: boolean,
): Promise<Point | undefined> {
  const dot = (g: Float64Array) => g.reduce((sum, v, i) => sum + v * direction[i], 0);
  const slope = dot(from.gradient);
  if (!(slope < 0)) return undefined;
  const start: Along = { ...from, t: 0, slope };
  const go = async (t: number): Promise<Along> => {
    const point = await at(from.x.map((v, i) => v + t * direction[i]));
    return { ...point, t, slope: dot(point.gradient) };
  };
  const tooHigh = ({ t, cost }: Along, than = Number.POSITIVE_INFINITY) =>
    !(cost <= from.cost + FALL * t * slope) || cost >= than;
  const flat = (p: Along) => Math.abs(p.slope) <= -SLOPE * slope;
  const better = (p: Along) => (p.cost < from.cost ? p : undefined);

  let left = MOST;
  /** Searches between a place that is low enough and falls towards the other end, and that other end. */
  const zoom = async (low: Along, high: Along): Promise<Along | undefined> => {
    while (left-- > 0 && Math.abs(high.t - low.t) > 1e-9 * Math.max(low.t, high.t)) {
      const p = await go(between(low, high));
      if (tooHigh(p, low.cost)) high = p;
      else {
        if (flat(p)) return p;
        if (p.slope * (high.t - low.t) >= 0) high = low;
        low = p;
      }
    }
    return better(low);
  };

  let before = start;
  let t = first ? Math.min(1, 1 / Math.sqrt(direction.reduce((sum, v) => sum + v * v, 0))) : 1;
  while (left-- > 0) {
    const p = await go(t);
    if (tooHigh(p, before.t > 0 ? before.cost : undefined)) return zoom(before, p);
    if (flat(p)) return p;
    if (p.slope >= 0) return zoom(p, before);
    before = p;
    t *= 2;
  }
  return better(before);
}

/** Where the cubic through two places and slopes is lowest, kept away from both ends; else the middle. */
function between(a: Along, b: Along): number {
  const [low, high] = a.t < b.t ? [a, b] : [b, a];
  const width = high.t - low.t;
  const d = low.slope + high.slope - (3 * (low.cost - high.cost)) / (low.t - high.t);
  const root = Math.sqrt(d * d - low.slope * high.slope);
  const t = high.t - (width * (high.slope + root - d)) / (high.slope - low.slope + 2 * root);
  return t > low.t + 0.1 * width && t < high.t - 0.1 * width ? t : low.t + width / 2;
}

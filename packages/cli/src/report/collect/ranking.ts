// How well scores put the samples of a class before the others, whatever the threshold.

/** Numbers beyond which sorting all of them would take longer than everything else. */
const MOST = 2e7;

export interface Ranking {
  /** Area under the curve of true against false positives (ROC): how often a sample of the class has the higher score than one of another. */
  readonly auc: number;
  /** Mean of the precision at each sample of the class; the steps of the curve of precision against recall, added up. */
  readonly averagePrecision: number;
}

/** A group of samples with the same score: those of the class and the others. */
interface Level {
  own: number;
  others: number;
}

/**
 * Ranks the samples of a class by their scores; equal scores count half (Fawcett, 2006).
 *
 * @returns undefined where all samples are of the class, or none is.
 */
export function rankingOf(scores: ArrayLike<number>, isOwn: (sample: number) => boolean): Ranking | undefined {
  const levels = levelsOf(scores, isOwn);
  const [own, others] = [levels.reduce((n, l) => n + l.own, 0), levels.reduce((n, l) => n + l.others, 0)];
  if (own === 0 || others === 0) return undefined;
  let [seen, passed, area, precision] = [0, 0, 0, 0];
  for (const level of levels) {
    area += level.others * (seen + level.own / 2);
    seen += level.own;
    passed += level.others;
    precision += (level.own * seen) / (seen + passed);
  }
  return { auc: area / (own * others), averagePrecision: precision / own };
}

/** The highest score first. */
function levelsOf(scores: ArrayLike<number>, isOwn: (sample: number) => boolean): Level[] {
  const order = Int32Array.from(scores, (_, i) => i).sort((a, b) => scores[b] - scores[a]);
  const levels: Level[] = [];
  order.forEach((sample, i) => {
    if (i === 0 || scores[sample] !== scores[order[i - 1]]) levels.push({ own: 0, others: 0 });
    levels[levels.length - 1][isOwn(sample) ? "own" : "others"]++;
  });
  return levels;
}

/** For each class, one against the others; undefined where there are too many scores to sort. */
export function rankings(
  chances: readonly ArrayLike<number>[],
  truth: ArrayLike<number>,
  classes: number,
): readonly (Ranking | undefined)[] {
  if (chances.length * classes > MOST) return [];
  return Array.from({ length: classes }, (_, c) =>
    rankingOf(
      Float64Array.from(chances, (row) => row[c]),
      (sample) => truth[sample] === c,
    ),
  );
}

/** Three or four figures, as many as tell something. */
export const formatNumber = (value: number): string => {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e5)) return value.toExponential(2);
  return String(Number(value.toPrecision(4)));
};

export const formatPercent = (share: number): string => `${(100 * share).toFixed(1)}%`;

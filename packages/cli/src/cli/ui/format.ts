// Numbers in the terminal: a few of its own, all else as in the report and the studio.
import { formatFigures, formatFixed } from "../../text/numbers.js";

export {
  counted,
  formatBytes,
  formatCompact,
  formatCount,
  formatDuration,
  formatFigures,
  formatNumber,
  formatPercent,
} from "../../text/numbers.js";

/** 0.98765 -> "0.9877", 1e-7 -> "1×10⁻⁷": a loss. Usual ones have four decimals, so that they stay in one place. */
export const formatLoss = (loss: number): string =>
  loss === 0 || (Math.abs(loss) >= 1e-3 && Math.abs(loss) < 1e5) ? formatFixed(loss, 4) : formatFigures(loss, 3);

/** 0.0133333 -> "0.0133", 1e-7 -> "1e-7": a learning rate, as `--lr` takes it. */
export const formatRate = (rate: number): string => String(Number(rate.toPrecision(3)));

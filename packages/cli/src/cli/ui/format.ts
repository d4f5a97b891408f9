/**
 * Numbers as people read them. Each helper keeps about three significant digits: enough to compare two runs, few
 * enough to take in while a progress bar moves.
 */

const BYTE_UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];
const COUNT_UNITS = ["", "k", "M", "G", "T"];

/** 1536 -> "1.50 KiB". */
export function formatBytes(bytes: number): string {
  return scale(bytes, 1024, BYTE_UNITS, " ");
}

/** 61706 -> "61.7k". */
export function formatCount(count: number): string {
  return scale(count, 1000, COUNT_UNITS, "");
}

/** 0.0123 -> "12.3 ms", 4.2 -> "4.2 s", 75 -> "1m 15s", 3725 -> "1h 02m". */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return "–";
  if (seconds < 0.9995) return `${threeDigits(seconds * 1000)} ms`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const pad = (value: number) => String(value).padStart(2, "0");
  if (whole < 3600) return `${Math.floor(whole / 60)}m ${pad(whole % 60)}s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)}h ${pad(minutes % 60)}m`;
}

/** 0.98765 -> "98.77%". */
export function formatPercent(fraction: number): string {
  return `${(fraction * 100).toFixed(2)}%`;
}

/** 0.98765 -> "0.9877", 1e-7 -> "1.00e-7": a loss. */
export function formatLoss(loss: number): string {
  return loss === 0 || (Math.abs(loss) >= 1e-3 && Math.abs(loss) < 1e5) ? loss.toFixed(4) : loss.toExponential(2);
}

/** 0.0133333 -> "0.0133": a learning rate. */
export function formatRate(rate: number): string {
  return String(Number(rate.toPrecision(3)));
}

function scale(value: number, base: number, units: string[], gap: string): string {
  if (!Number.isFinite(value)) return "–";
  let unit = 0;
  let scaled = value;
  // 999.5 would print as "1000": move on to the next unit a little early.
  while (Math.abs(scaled) >= Math.min(base, 999.5) && unit < units.length - 1) {
    scaled /= base;
    unit++;
  }
  const digits = unit === 0 && Number.isInteger(scaled) ? String(scaled) : threeDigits(scaled);
  return units[unit] === "" ? digits : `${digits}${gap}${units[unit]}`;
}

function threeDigits(value: number): string {
  const size = Math.abs(value);
  return value.toFixed(size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2);
}

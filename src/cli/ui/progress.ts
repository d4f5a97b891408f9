// cli-progress owns redrawing a line in place; of the MIT choices it is the smallest with a custom line format.
import cliProgress from "cli-progress";
import { formatCount, formatDuration, formatPercent } from "./format.js";
import { isInteractive } from "./terminal.js";

/** Where training is, after a step. */
export interface StepInfo {
  epoch: number;
  epochs: number;
  step: number;
  steps: number;
  loss: number;
  accuracy?: number;
  samplesPerSecond: number;
  secondsLeft: number;
}

/** What an epoch came to. */
export interface EpochInfo {
  epoch: number;
  epochs: number;
  loss: number;
  accuracy?: number;
  testLoss?: number;
  testAccuracy?: number;
  seconds: number;
  samplesPerSecond: number;
}

export interface Reporter {
  /** Call after every step: all but about ten calls a second return at once. */
  step(info: StepInfo): void;
  epoch(info: EpochInfo): void;
  /** Call in a `finally`: until then a bar may be on the screen and its redraw timer keeps the process alive. */
  close(): void;
}

/** Milliseconds between two redraws: smooth to the eye, and far below 1 % of the time spent training. */
const REDRAW_EVERY = 100;
const WIDEST_BAR = 30;
const NARROWEST_BAR = 6;

/** A moving bar on a terminal; elsewhere one plain line per epoch. */
export function createReporter(stream: NodeJS.WriteStream): Reporter {
  return isInteractive(stream) ? new BarReporter(stream) : new LineReporter(stream);
}

class LineReporter implements Reporter {
  constructor(private readonly stream: NodeJS.WriteStream) {}

  step(): void {}

  epoch(info: EpochInfo): void {
    this.stream.write(`${epochLine(info)}\n`);
  }

  close(): void {}
}

class BarReporter implements Reporter {
  private readonly bar: cliProgress.SingleBar;
  private drawnAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly stream: NodeJS.WriteStream) {
    this.bar = new cliProgress.SingleBar(
      {
        stream,
        format: (options, { maxWidth }, info: StepInfo) => stepLine(info, maxWidth, options),
        fps: 1000 / REDRAW_EVERY,
        // Redraws are asked for in `step`, which alone knows the pace.
        synchronousUpdate: false,
        clearOnComplete: true,
        // Leave the terminal's modes alone, so that Ctrl-C finds nothing to restore.
        linewrap: true,
      },
      cliProgress.Presets.shades_classic,
    );
  }

  step(info: StepInfo): void {
    const now = performance.now();
    if (now - this.drawnAt < REDRAW_EVERY) return;
    this.drawnAt = now;
    if (!this.bar.isActive) {
      this.bar.start(info.steps, info.step, { ...info });
      return;
    }
    // The bar merges what it is given into what it has: an absent accuracy must be overwritten too.
    this.bar.update(info.step, { ...info, accuracy: info.accuracy });
    this.bar.render();
  }

  epoch(info: EpochInfo): void {
    this.close();
    this.stream.write(`${epochLine(info)}\n`);
  }

  close(): void {
    this.bar.stop();
    this.drawnAt = Number.NEGATIVE_INFINITY;
  }
}

/** The moving line: the numbers first, then a bar in whatever room is left. */
export function stepLine(info: StepInfo, width: number, options: cliProgress.Options): string {
  const before = `epoch ${info.epoch}/${info.epochs} `;
  const numbers = [
    ` ${String(info.step).padStart(String(info.steps).length)}/${info.steps}`,
    `loss ${formatLoss(info.loss)}`,
    info.accuracy === undefined ? undefined : `acc ${formatPercent(info.accuracy)}`,
    `${formatCount(info.samplesPerSecond)}/s`,
    `${formatDuration(info.secondsLeft)} left`,
  ];
  const after = numbers.filter((text) => text !== undefined).join("  ");
  const room = Math.min(width - before.length - after.length - 1, WIDEST_BAR);
  const progress = info.steps > 0 ? Math.min(info.step / info.steps, 1) : 0;
  const bar = room < NARROWEST_BAR ? "" : cliProgress.Format.BarFormat(progress, { ...options, barsize: room });
  return before + bar + after;
}

/** The line that stays: all of an epoch, readable without a terminal. */
export function epochLine(info: EpochInfo): string {
  const parts = [
    `epoch ${String(info.epoch).padStart(String(info.epochs).length)}/${info.epochs}`,
    `loss ${formatLoss(info.loss)}`,
    info.accuracy === undefined ? undefined : `accuracy ${formatPercent(info.accuracy)}`,
    info.testLoss === undefined ? undefined : `test loss ${formatLoss(info.testLoss)}`,
    info.testAccuracy === undefined ? undefined : `test accuracy ${formatPercent(info.testAccuracy)}`,
    formatDuration(info.seconds),
    `${formatCount(info.samplesPerSecond)} samples/s`,
  ];
  return parts.filter((text) => text !== undefined).join("  ");
}

function formatLoss(loss: number): string {
  return loss === 0 || (Math.abs(loss) >= 1e-3 && Math.abs(loss) < 1e5) ? loss.toFixed(4) : loss.toExponential(2);
}

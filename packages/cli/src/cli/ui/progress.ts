// cli-progress owns redrawing a line in place; of the MIT choices it is the smallest with a custom line format.
import cliProgress from "cli-progress";
import { formatCompact, formatDuration, formatLoss, formatNumber, formatPercent, formatRate } from "./format.js";
import { Sparkline } from "./sparkline.js";
import { isInteractive, visible } from "./terminal.js";

/** Where training is, after a step. */
export interface StepInfo {
  epoch: number;
  epochs: number;
  step: number;
  steps: number;
  loss: number;
  accuracy?: number;
  /** Learning rate, if it is not the same all the time. */
  lr?: number;
  samplesPerSecond: number;
  secondsLeft: number;
}

/** The result of an epoch. */
export interface EpochInfo {
  epoch: number;
  epochs: number;
  loss: number;
  accuracy?: number;
  /** How well it went on other data, and what these are called. */
  measured?: { name: string; loss: number; accuracy?: number };
  /** The measure that the best epoch is chosen by, where that is neither loss nor accuracy. */
  score?: { name: string; value: number };
  /** Learning rate, if it is not the same all the time. */
  lr?: number;
  seconds: number;
  samplesPerSecond: number;
}

export interface Reporter {
  /** Call after every step: all but about ten calls a second return at once. */
  step(info: StepInfo): void;
  epoch(info: EpochInfo): void;
  /** A line of its own, while training goes on. */
  note(text: string): void;
  /** Call in a `finally`: until then a bar may be on the screen and its redraw timer keeps the process alive. */
  close(): void;
}

/** Milliseconds between two redraws: smooth to the eye, and far below 1% of the time spent training. */
const REDRAW_EVERY = 100;
const WIDEST_BAR = 30;
const NARROWEST_BAR = 5;
const SPARKLINE = 8;

/** Silent, for output that programs read. */
export const silent: Reporter = { step() {}, epoch() {}, note() {}, close() {} };

/** A moving bar on a terminal; elsewhere one plain line per epoch. */
export function createReporter(stream: NodeJS.WriteStream): Reporter {
  return isInteractive(stream) ? new BarReporter(stream) : new LineReporter(stream);
}

class LineReporter implements Reporter {
  constructor(private readonly stream: NodeJS.WriteStream) {}

  step(): void {}

  epoch(info: EpochInfo): void {
    this.note(epochLine(info));
  }

  note(text: string): void {
    this.stream.write(`${visible(text)}\n`);
  }

  close(): void {}
}

class BarReporter implements Reporter {
  private readonly bar: cliProgress.SingleBar;
  private readonly curve = new Sparkline(SPARKLINE);
  private drawnAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly stream: NodeJS.WriteStream) {
    this.bar = new cliProgress.SingleBar(
      {
        stream,
        format: (options, { maxWidth }, { curve, ...info }: StepInfo & { curve: string }) =>
          stepLine(info, maxWidth, options, curve),
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
    this.curve.add(info.loss);
    const now = performance.now();
    if (now - this.drawnAt < REDRAW_EVERY) return;
    this.drawnAt = now;
    // The bar merges what it is given into what it has: what is absent must be overwritten too.
    const shown = { ...info, accuracy: info.accuracy, lr: info.lr, curve: String(this.curve) };
    if (!this.bar.isActive) return this.bar.start(info.steps, info.step, shown);
    this.bar.update(info.step, shown);
    this.bar.render();
  }

  epoch(info: EpochInfo): void {
    this.note(epochLine(info));
  }

  note(text: string): void {
    this.close();
    this.stream.write(`${visible(text)}\n`);
  }

  close(): void {
    this.bar.stop();
  }
}

/**
 * The moving line: the numbers first, then a bar in whatever room is left, and if that is wide the curve of the loss.
 */
export function stepLine(info: StepInfo, width: number, options: cliProgress.Options, curve = ""): string {
  const before = `epoch ${info.epoch}/${info.epochs} `;
  const numbers = [
    ` ${String(info.step).padStart(String(info.steps).length)}/${info.steps}`,
    `loss ${formatLoss(info.loss)}`,
    info.accuracy === undefined ? undefined : `acc ${formatPercent(info.accuracy)}`,
    info.lr === undefined ? undefined : `lr ${formatRate(info.lr)}`,
    `${formatCompact(info.samplesPerSecond)}/s`,
    `${formatDuration(info.secondsLeft)} left`,
  ];
  const after = numbers.filter((text) => text !== undefined).join("  ");
  const room = width - before.length - after.length - 1;
  const drawn = curve === "" || room < NARROWEST_BAR + SPARKLINE + 1 ? "" : ` ${curve.padEnd(SPARKLINE)}`;
  const barsize = Math.min(room - drawn.length, WIDEST_BAR);
  const progress = info.steps > 0 ? Math.min(info.step / info.steps, 1) : 0;
  const bar = barsize < NARROWEST_BAR ? "" : cliProgress.Format.BarFormat(progress, { ...options, barsize });
  return before + bar + drawn + after;
}

/** The line that stays: all of an epoch, readable without a terminal. */
export function epochLine(info: EpochInfo): string {
  const { measured } = info;
  const parts = [
    `epoch ${String(info.epoch).padStart(String(info.epochs).length)}/${info.epochs}`,
    `loss ${formatLoss(info.loss)}`,
    info.accuracy === undefined ? undefined : `accuracy ${formatPercent(info.accuracy)}`,
    measured && `${measured.name} loss ${formatLoss(measured.loss)}`,
    measured?.accuracy === undefined ? undefined : `${measured.name} accuracy ${formatPercent(measured.accuracy)}`,
    info.score && `${info.score.name} ${formatNumber(info.score.value)}`,
    info.lr === undefined ? undefined : `lr ${formatRate(info.lr)}`,
    formatDuration(info.seconds),
    `${formatCompact(info.samplesPerSecond)} samples/s`,
  ];
  return parts.filter((text) => text !== undefined).join("  ");
}

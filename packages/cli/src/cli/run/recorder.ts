import type { EpochReport, Resumed, StepReport } from "tidu";
import { TensorBoardWriter } from "../../report/index.js";
import type { RunFolder } from "./folder.js";
import { EpochCurve, type EpochMetrics } from "./metrics.js";

/** Keeps in a run's folder how training goes: metrics, and what TensorBoard shows. */
export class Recorder {
  #epochs: EpochMetrics[] = [];
  /** Whether the file has the same epochs. */
  #written = true;
  #steps = 0;
  readonly #curve = new EpochCurve();
  readonly #board: TensorBoardWriter | undefined;

  /** @param known epochs that the folder has from before. */
  constructor(
    private readonly folder: RunFolder,
    private readonly known: readonly EpochMetrics[],
    tensorboard = false,
  ) {
    this.#board = tensorboard ? new TensorBoardWriter(folder.path) : undefined;
  }

  /** All epochs, those before training went on included. */
  get epochs(): readonly EpochMetrics[] {
    return this.#epochs;
  }

  /** Goes back to the epochs that a checkpoint knows of: the folder may know more, or fewer. */
  resume({ reports }: Resumed): void {
    this.#epochs = reports.map((r) => this.known.find(({ epoch }) => epoch === r.epoch) ?? { ...r, losses: [r.loss] });
    this.#written = false;
  }

  step(report: StepReport): void {
    this.#curve.add(report);
    this.#steps = report.step;
  }

  async epoch(report: EpochReport, lr: number): Promise<EpochMetrics> {
    const metrics = { ...report, lr, losses: this.#curve.take() };
    if (!this.#written) await this.folder.keepMetrics(this.#epochs);
    this.#written = true;
    this.#epochs.push(metrics);
    await this.folder.addMetrics(metrics);
    await this.#draw(metrics);
    return metrics;
  }

  async #draw({ epoch, loss, accuracy, validation, lr, losses }: EpochMetrics): Promise<void> {
    const steps = this.#steps;
    const before = (epoch - 1) * steps;
    for (const [i, value] of losses.entries()) {
      await this.#board?.addScalars(before + Math.round(((i + 1) / losses.length) * steps), { "loss/batch": value });
    }
    await this.#board?.addScalars(before + steps, {
      epoch,
      "loss/train": loss,
      "loss/validation": validation?.loss,
      "accuracy/train": accuracy,
      "accuracy/validation": validation?.accuracy,
      "learning rate": lr,
    });
  }
}

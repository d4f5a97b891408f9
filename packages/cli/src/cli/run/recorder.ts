import type { EpochReport, Resumed, StepReport } from "tidu";
import type { TensorBoardWriter } from "../../report/index.js";
import type { RunFolder } from "./folder.js";
import { type CurveState, EpochCurve, type EpochMetrics } from "./metrics.js";

/** Records training in a run's folder: metrics, and events for TensorBoard. */
export class Recorder {
  #epochs: EpochMetrics[] = [];
  /** Whether the file has the same epochs. */
  #written = true;
  #steps = 0;
  #curve = new EpochCurve();

  /**
   * @param known epochs that the folder has from before.
   * @param board writes for TensorBoard, if that is wanted.
   */
  constructor(
    private readonly folder: RunFolder,
    private readonly known: readonly EpochMetrics[],
    private readonly board?: TensorBoardWriter,
  ) {}

  /** All epochs, those before training went on included. */
  get epochs(): readonly EpochMetrics[] {
    return this.#epochs;
  }

  /**
   * What a checkpoint is to keep: of the epoch under way, or of the one that it ends, whose line in the folder comes later
   * and is lost if the process is killed in between.
   */
  note(lr: number): string {
    return JSON.stringify({ lr, curve: this.#curve.state() } satisfies Note);
  }

  /** Goes back to the epochs that a checkpoint knows of: the folder may know more, or one less. */
  resume({ reports, step, note }: Resumed): void {
    const { lr, curve } = readNote(note);
    this.#curve = EpochCurve.from(curve);
    this.#epochs = reports.map((report) => {
      const known = this.known.find(({ epoch }) => epoch === report.epoch);
      if (known !== undefined) return known;
      const isLast = step === 0 && report === reports.at(-1) && curve.length > 0;
      return { ...report, ...(isLast ? { lr, losses: this.#curve.means() } : { losses: [report.loss] }) };
    });
    if (step === 0) this.#curve = new EpochCurve();
    this.#written = false;
  }

  step(report: StepReport): void {
    this.#curve.add(report);
    this.#steps = report.step;
  }

  /** Makes the folder know the same epochs. */
  async settle(): Promise<void> {
    if (!this.#written) await this.folder.keepMetrics(this.#epochs);
    this.#written = true;
  }

  async epoch(report: EpochReport, lr: number): Promise<EpochMetrics> {
    const metrics = { ...report, lr, losses: this.#curve.take() };
    await this.settle();
    this.#epochs.push(metrics);
    await this.folder.addMetrics(metrics);
    await this.#draw(metrics);
    return metrics;
  }

  async #draw({ epoch, loss, accuracy, validation, lr, losses }: EpochMetrics): Promise<void> {
    const steps = this.#steps;
    const before = (epoch - 1) * steps;
    for (const [i, value] of losses.entries()) {
      await this.board?.addScalars(before + Math.round(((i + 1) / losses.length) * steps), { "loss/batch": value });
    }
    await this.board?.addScalars(before + steps, {
      epoch,
      "loss/train": loss,
      "loss/validation": validation?.loss,
      "accuracy/train": accuracy,
      "accuracy/validation": validation?.accuracy,
      "learning rate": lr,
    });
  }
}

interface Note {
  readonly lr?: number;
  readonly curve: CurveState;
}

/** A checkpoint of an older version has none. */
const readNote = (text: string | undefined): Note => (text === undefined ? { curve: [] } : (JSON.parse(text) as Note));

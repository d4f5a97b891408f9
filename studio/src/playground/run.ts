// A training as the page knows it. Each has its own curves and numbers, so that nothing of one is ever seen in another.
import { computed, type Signal, signal } from "@preact/signals";
import { type Change, withChanges } from "../engine/changes.js";
import type { OwnData, Points } from "../engine/data.js";
import type { On } from "../engine/devices.js";
import type { LayerReport } from "../engine/network.js";
import { thinnedEpochs, thinnedLosses } from "../engine/news.js";
import type { BatchLook, EpochResult, Frame, Measure, Measured, Position, StepLoss, Told } from "../engine/protocol.js";
import type { Settings } from "../engine/settings.js";
import type { Trouble } from "../engine/trouble.js";

const START: Position = { epoch: 0, step: 0 };
let numbers = 0;

export class Run {
  /** What its messages carry. */
  readonly number = ++numbers;
  readonly changes: Signal<readonly Change[]>;
  readonly reports = signal<readonly LayerReport[]>([]);
  readonly fits = signal(false);
  /** What it runs on, and what a step was measured to take. */
  readonly on = signal<On | undefined>(undefined);
  readonly measured = signal<Measured | undefined>(undefined);
  /** Steps in an epoch. */
  readonly steps = signal(0);
  readonly outputs = signal(0);
  readonly classes = signal<number | undefined>(undefined);
  readonly points = signal<Points | undefined>(undefined);
  readonly position = signal(START);
  readonly running = signal(false);
  readonly losses = signal<readonly StepLoss[]>([]);
  readonly epochs = signal<readonly EpochResult[]>([]);
  readonly frame = signal<Frame | undefined>(undefined);
  readonly looks = signal<readonly BatchLook[]>([]);
  readonly trouble = signal<Trouble | undefined>(undefined);
  readonly loaded = signal<{ readonly name: string; readonly test: Measure } | undefined>(undefined);
  /** The settings as the changes have made them by now. */
  readonly now = computed(() => {
    const { epoch, step } = this.position.value;
    const at = epoch * this.steps.value + step;
    return withChanges(
      this.settings,
      this.changes.value.filter((change) => change.at <= at),
    );
  });
  /** The furthest epoch that was reached. */
  readonly furthest = computed(() => Math.max(this.position.value.epoch, this.epochs.value.at(-1)?.epoch ?? 0));
  /** What the last epoch came to where training stands. */
  readonly last = computed(() => {
    const { epoch } = this.position.value;
    return this.epochs.value.findLast((result) => result.epoch <= epoch);
  });

  constructor(
    readonly settings: Settings,
    changes: readonly Change[] = [],
    readonly own?: OwnData,
  ) {
    this.changes = signal(changes);
  }

  /** Whether it has done anything that would be lost. */
  get hasTrained(): boolean {
    const { epoch, step } = this.position.peek();
    return this.running.peek() || epoch + step > 0;
  }

  /** Takes in what the worker tells of it. */
  hear(told: Told): void {
    switch (told.type) {
      case "network":
        this.reports.value = told.reports;
        this.fits.value = told.fits;
        this.steps.value = told.steps;
        this.outputs.value = told.outputs;
        this.classes.value = told.classes;
        this.points.value = told.points;
        this.position.value = told.position;
        if (!told.fresh) return;
        this.#forgetAfter({ epoch: -1, step: 0 });
        // A run that is no longer kept begins anew, without what was loaded into it.
        this.loaded.value = undefined;
        return;
      case "running":
        this.running.value = told.running;
        return;
      case "progress":
        this.position.value = told.position;
        this.#learn(told.losses, told.epochs);
        return;
      case "restored":
        this.position.value = told.position;
        if (told.result !== undefined) this.#learn([], [told.result]);
        return;
      case "device":
        this.on.value = told.on;
        this.measured.value = told.measured ?? this.measured.peek();
        return;
      case "moved":
        this.on.value = told.on;
        this.position.value = told.position;
        this.#forgetAfter(told.position);
        this.trouble.value = told.trouble;
        return;
      case "changed":
        this.changes.value = told.changes;
        this.position.value = told.position;
        this.#forgetAfter(told.position);
        return;
      case "frame":
        this.frame.value = told.frame;
        return;
      case "batch":
        this.looks.value = told.looks;
        return;
      case "loaded":
        this.loaded.value = { name: told.name, test: told.test };
        this.trouble.value = undefined;
        this.changes.value = told.changes;
        this.position.value = told.position;
        this.#forgetAfter(told.position);
        return;
      case "failure":
        this.trouble.value = told.trouble;
        this.running.value = false;
        return;
    }
  }

  /** Adds what is new. Steps that are done again after going back take the place of their like, of which they are the same. */
  #learn(losses: readonly StepLoss[], epochs: readonly EpochResult[]): void {
    if (losses.length > 0) {
      const [first, last] = [losses[0].at, losses[losses.length - 1].at];
      const old = this.losses.value;
      this.losses.value = thinnedLosses([
        ...old.filter(({ at }) => at < first),
        ...losses,
        ...old.filter(({ at }) => at > last),
      ]);
    }
    if (epochs.length === 0) return;
    const [first, last] = [epochs[0].epoch, epochs[epochs.length - 1].epoch];
    const old = this.epochs.value;
    this.epochs.value = thinnedEpochs([
      ...old.filter(({ epoch }) => epoch < first),
      ...epochs,
      ...old.filter(({ epoch }) => epoch > last),
    ]);
  }

  #forgetAfter({ epoch, step }: Position): void {
    const at = epoch + step / Math.max(1, this.steps.value);
    this.losses.value = this.losses.value.filter((loss) => loss.at <= at + 1e-9);
    this.epochs.value = this.epochs.value.filter((result) => result.epoch <= epoch);
  }
}

// Which of two measurements is better, where one may not be a number: early stopping and schedules decide alike.

/** Whether a measurement is better than the best so far, if any. What is not a number is no improvement, and loses to all. */
export function better(value: number, best: number | undefined, improves: (value: number, best: number) => boolean) {
  if (best === undefined) return true;
  return Number.isNaN(best) ? !Number.isNaN(value) : improves(value, best);
}

// How a file computes the features of a date: its year, and its place in the year, the month, the week and the day.

import { TYPE } from "../proto/schema.js";
import { type Attribute, type GraphWriter, int } from "./writer.js";

/** The features of a date: a year with its fraction, and the others as sine and cosine of an angle. */
export const DATE_PARTS = ["year", "month", "day", "weekday", "hour"] as const;
export type DatePart = (typeof DATE_PARTS)[number];

/** A moment of each row: milliseconds since 1970. */
export interface RawDate {
  readonly name: string;
  readonly parts: readonly DatePart[];
  readonly mean: number;
  readonly deviation: number;
}

const PATH = "preprocess";
const FLOAT: Record<string, Attribute> = { to: int(TYPE.FLOAT) };
const DAY = 86_400_000;

/** Features of a date, each [batch, 1] in float32. */
export function writeDate({ name, parts, mean, deviation }: RawDate, graph: GraphWriter): string[] {
  const calendar = new Calendar(graph, name);
  return parts.flatMap((part) => {
    if (part === "year") return [calendar.float(calendar.over(calendar.plus(calendar.year(), -mean), deviation))];
    const angle = calendar.float(calendar.times(calendar.turns[part](), 2 * Math.PI));
    return [graph.add("Sin", [angle], PATH), graph.add("Cos", [angle], PATH)];
  });
}

/**
 * Arithmetic of days in float64, whose whole numbers are exact. Years begin in March here, so that the leap day is the last
 * of a year, as in H. Hinnant's "chrono-compatible low-level date algorithms" (2013).
 */
class Calendar {
  readonly turns: Readonly<Record<Exclude<DatePart, "year">, () => string>> = {
    month: () => this.over(this.#month, 12),
    day: () => this.#add("Div", this.#dayOfMonth, this.#daysInMonth()),
    weekday: () => this.over(this.#modulo(this.plus(this.#day, 4), 7), 7),
    hour: () => this.#minus(this.#days, this.#day),
  };
  /** Since 1970, with and without the fraction. */
  readonly #days: string;
  readonly #day: string;
  /** From 0, March first; and January first. */
  readonly #marchMonth: string;
  readonly #month: string;
  /** From 0. */
  readonly #dayOfMonth: string;
  readonly #yearNumber: string;

  constructor(
    private readonly graph: GraphWriter,
    moment: string,
  ) {
    this.#days = this.over(moment, DAY);
    this.#day = this.#floor(this.#days);
    // Days since March 1 of the year 0, then in a round of 400 years.
    const all = this.plus(this.#day, 719_468);
    const era = this.#whole(all, 146_097);
    const inEra = this.#minus(all, this.times(era, 146_097));
    const leapDays = this.#minus(
      this.#whole(inEra, 36_524),
      this.#plus(this.#whole(inEra, 1460), this.#whole(inEra, 146_096)),
    );
    const year = this.#whole(this.#plus(inEra, leapDays), 365);
    const before = this.#plus(this.times(year, 365), this.#minus(this.#whole(year, 4), this.#whole(year, 100)));
    const inYear = this.#minus(inEra, before);
    this.#marchMonth = this.#whole(this.plus(this.times(inYear, 5), 2), 153);
    this.#dayOfMonth = this.#minus(inYear, this.#daysBefore(this.#marchMonth));
    const fromJanuary = this.plus(this.#marchMonth, 2);
    this.#month = this.#modulo(fromJanuary, 12);
    this.#yearNumber = this.#plus(this.#plus(year, this.times(era, 400)), this.#whole(fromJanuary, 12));
  }

  /** With its fraction. */
  year(): string {
    const [first, next] = [this.#firstDay(this.#yearNumber), this.#firstDay(this.plus(this.#yearNumber, 1))];
    const fraction = this.#add("Div", this.#minus(this.#days, first), this.#minus(next, first));
    return this.#plus(this.#yearNumber, fraction);
  }

  float(value: string): string {
    return this.graph.add("Cast", [value], PATH, FLOAT);
  }
  plus(value: string, number: number): string {
    return this.#add("Add", value, this.graph.number(number, "f64"));
  }
  times(value: string, number: number): string {
    return this.#add("Mul", value, this.graph.number(number, "f64"));
  }
  over(value: string, number: number): string {
    return this.#add("Div", value, this.graph.number(number, "f64"));
  }

  /** Days from 1970 to January 1 of a year. */
  #firstDay(year: string): string {
    const last = this.plus(year, -1);
    const leaps = this.#plus(this.#minus(this.#whole(last, 4), this.#whole(last, 100)), this.#whole(last, 400));
    return this.plus(this.#plus(this.times(last, 365), leaps), -719_162);
  }

  /** Days of the months before one, from March on. */
  #daysBefore(month: string): string {
    return this.#whole(this.plus(this.times(month, 153), 2), 5);
  }

  #daysInMonth(): string {
    const usual = this.#minus(this.#daysBefore(this.plus(this.#marchMonth, 1)), this.#daysBefore(this.#marchMonth));
    const year = this.#yearNumber;
    const days = this.#minus(this.#firstDay(this.plus(year, 1)), this.#firstDay(year));
    // The sum takes 30 days for February, which has 28, or 29 in leap years.
    const isFebruary = this.#whole(this.#marchMonth, 11);
    return this.#plus(usual, this.#add("Mul", isFebruary, this.plus(days, -367)));
  }

  #add(op: string, ...values: readonly string[]): string {
    return this.graph.add(op, values, PATH);
  }
  #plus(a: string, b: string): string {
    return this.#add("Add", a, b);
  }
  #minus(a: string, b: string): string {
    return this.#add("Sub", a, b);
  }
  #floor(value: string): string {
    return this.#add("Floor", value);
  }
  #whole(value: string, by: number): string {
    return this.#floor(this.over(value, by));
  }
  #modulo(value: string, by: number): string {
    return this.#minus(value, this.times(this.#whole(value, by), by));
  }
}

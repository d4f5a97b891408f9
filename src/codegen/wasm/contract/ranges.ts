import { type FunctionBuilder, I32 } from "../assembler.js";

/** Numbers from `from` on, `count` (at least one) of them, in locals. */
export interface Range {
  readonly from: number;
  readonly count: number;
}

/** Lowers a local to the number that `push` leaves on the stack, if that is less. */
export function emitAtMost(f: FunctionBuilder, local: number, push: () => void): void {
  push();
  const other = f.keep(I32);
  f.get(local).get(other).get(local).get(other).op("i32.lt_u").op("select").set(local);
}

/** Runs the body with a local that holds one number of the range after the other. */
export function emitEach(f: FunctionBuilder, { from, count }: Range, body: (number: number) => void): void {
  const [number, end] = [f.get(from).keep(I32), f.get(from).get(count).op("i32.add").keep(I32)];
  f.loop(() => {
    body(number);
    f.get(number).i32(1).op("i32.add").tee(number).get(end).op("i32.lt_u");
  });
}

/** Runs the body for one part of the range after the other, each of at most `most` numbers. */
export function emitParts(f: FunctionBuilder, range: Range, most: number, body: (part: Range) => void): void {
  const end = f.get(range.from).get(range.count).op("i32.add").keep(I32);
  const [from, count] = [f.get(range.from).keep(I32), f.local(I32)];
  f.loop(() => {
    f.get(end).get(from).op("i32.sub").set(count);
    emitAtMost(f, count, () => f.i32(most));
    body({ from, count });
    f.get(from).get(count).op("i32.add").tee(from).get(end).op("i32.lt_u");
  });
}

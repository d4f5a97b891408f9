// How a row of the table says what a valid call of a public function is.

/** A valid call. The object of a method is `self`; where a function returned a function, that function is. */
export interface Call {
  readonly self?: unknown;
  readonly args: readonly unknown[];
  /** Uses the result, where reading tensors and running iterations is not all that can be done with it. */
  readonly use?: (result: never) => unknown;
}

/** Makes a call anew each time: bad ones may leave their objects in any state. */
export type Row = () => Call | Promise<Call>;
export type Rows = Readonly<Record<string, Row>>;

export const call =
  (...args: readonly unknown[]): Row =>
  () => ({ args });

/** The same for arguments that are made anew for each call. */
export const make =
  (args: () => readonly unknown[], use?: Call["use"]): Row =>
  () => ({ args: args(), use });

/** A method's row. */
export const on =
  (self: () => unknown, args: () => readonly unknown[], use?: Call["use"]): Row =>
  () => ({ self: self(), args: args(), use });

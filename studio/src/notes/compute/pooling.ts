// Computes figure 11: max pooling.
import { nn, tensor } from "tidu";

/** Side of the input. */
export const SIDE = 12;

/** A drawing: rows of SIDE numbers, 0 or 1. */
export type Drawing = readonly number[];

/** A small flag, away from the border so that it can be moved. */
const FLAG = ["####", "#..#", "####", "#...", "#..."];
export const START: Drawing = Array.from({ length: SIDE * SIDE }, (_, i) => {
  const [row, column] = [Math.floor(i / SIDE) - 3, (i % SIDE) - 4];
  return FLAG[row]?.[column] === "#" ? 1 : 0;
});

export interface Pooling {
  readonly input: readonly number[];
  readonly output: readonly number[];
  /** Side of the output. */
  readonly side: number;
  /** For each output the number of the input cell that won, the first of the largest. */
  readonly winners: readonly number[];
  /** Cells that differ from those of the drawing that was not moved. */
  readonly inputChanged: number;
  readonly outputChanged: number;
}

const differing = (a: readonly number[], b: readonly number[]): number => a.filter((v, i) => v !== b[i]).length;

/**
 * Pools a drawing that is moved, and the same drawing at rest.
 *
 * @param size of the window, which moves on by as much; it divides SIDE.
 * @param kind of pooling.
 */
export async function pool(
  drawing: Drawing,
  size: number,
  [down, right]: readonly [number, number],
  kind: "max" | "average" = "max",
): Promise<Pooling> {
  const layer = kind === "max" ? nn.maxPool2d(size) : nn.avgPool2d(size);
  const input = shifted(drawing, down, right);
  const both = tensor([...drawing, ...input], [2, 1, SIDE, SIDE]);
  const pooled = Array.from(await layer.forward(both).data());
  const side = SIDE / size;
  const [rest, output] = [pooled.slice(0, side * side), pooled.slice(side * side)];
  return {
    ...{ input, output, side },
    winners: await winnersOf(input, size),
    inputChanged: differing(drawing, input),
    outputChanged: differing(rest, output),
  };
}

/** The drawing moved; what leaves is lost, zeros come in. */
export const shifted = (drawing: Drawing, down: number, right: number): number[] =>
  drawing.map((_, i) => {
    const [row, column] = [Math.floor(i / SIDE) - down, (i % SIDE) - right];
    const inside = row >= 0 && row < SIDE && column >= 0 && column < SIDE;
    return inside ? drawing[row * SIDE + column] : 0;
  });

async function winnersOf(input: readonly number[], size: number): Promise<number[]> {
  const side = SIDE / size;
  const windows = tensor([...input], [side, size, side, size])
    .permute([0, 2, 1, 3])
    .reshape([side * side, -1]);
  const places = await windows.argmax(1).data();
  return Array.from(places, (place, i) => {
    const [row, column] = [Math.floor(i / side) * size, (i % side) * size];
    return (row + Math.floor(place / size)) * SIDE + column + (place % size);
  });
}

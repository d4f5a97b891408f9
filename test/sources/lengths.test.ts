// Every pattern in the readers takes time linear in the length of what it reads: at these lengths one that takes the square
// of it would not come to an end.
import { openData, prepareSamples } from "@tidu/cli/sources";
import { describe, expect, it } from "vitest";
import { readLocalFiles } from "../../packages/cli/src/cli/models/local-files.js";
import { readNpy } from "../../packages/cli/src/sources/arrays/npy.js";
import { looksNumeric, PLAIN, readNumber } from "../../packages/cli/src/sources/tables/numbers.js";
import { npy } from "../fuzz/npy-files.js";
import { folderOf } from "./folders.js";

const LONG = 1_000_000;
const PIECES = [
  "1",
  "1,234",
  "1.234",
  "1 ",
  "1'234",
  "-",
  "$",
  "(",
  ".",
  "e",
  "1e",
  "12 kg ",
  " ",
  "é",
  "\u00a0",
  "=",
  "''",
];
/** Beginnings and ends that let a pattern begin, and fail late. */
const ENDS: readonly (readonly [string, string])[] = [
  ["", "!"],
  ["1", "!"],
  ["(", "1"],
  ["$", "x"],
];
const long = (piece: string, length = LONG): string => piece.repeat(Math.ceil(length / piece.length));

describe("a field of a million characters", () => {
  it.each(PIECES)("made of %j is read as what it is", async (piece) => {
    for (const [before, after] of ENDS) {
      const text = before + long(piece) + after;
      expect(looksNumeric(text)).toBe(false);
      expect(readNumber(text, PLAIN)).toBeNaN();
      expect(readNumber(text, { decimal: ",", thousands: ".", prefix: "$", suffix: "kg" })).toBeNaN();
    }
    const cell = `"${long(piece, 100_000)}!"`;
    const folder = await folderOf({
      "input.csv": `a,y\n${cell},1.5\nx,2.5\nx,3.5\n`,
      "target.csv": `a,y\n1,${cell}\n2,x\n2,x\n`,
      "header.csv": `${cell},y\n1,1.5\n2,2.5\n2,3\n`,
      "plain.csv": "a,y\nx,1.5\nz,2.5\nx,3.5\n",
      "new.csv": `a\n${cell}\n`,
      "bare.csv": `a;y\n${long(piece.replaceAll(/["\n]/g, ""), 100_000)}!;1\n`,
    });
    for (const name of ["input.csv", "target.csv", "header.csv"])
      expect((await openData(`${folder}/${name}`)).kind).toBe("csv");
    const { preprocess } = await openData(`${folder}/plain.csv`);
    const { notes } = await prepareSamples(preprocess, [`${folder}/new.csv`]);
    expect(notes).toHaveLength(1);
    await openData(`${folder}/bare.csv`).catch((error: Error) => expect(error.name).toMatch(/Error$/));
  });
});

it("quotes without end are found at once", async () => {
  const folder = await folderOf({ "a.csv": `a,b\n${'"'.repeat(LONG + 1)}\n`, "b.csv": `a,b\n${'x"'.repeat(LONG)}\n` });
  for (const name of ["a.csv", "b.csv"]) await expect(openData(`${folder}/${name}`)).rejects.toThrow(/line/);
});

it("imports in a model's text are found in one pass", () => {
  for (const piece of ["from ", "import(", 'from "./', "require( ", " ", "\n", 'import "./x"; ', "'"]) {
    expect(Object.keys(readLocalFiles(`from${long(piece, 200_000)}!`, "/nowhere/model.ts"))).toEqual([]);
  }
});

it("headers of NPY files are read in one pass", () => {
  for (const piece of ["1", "1, ", "'shape': (", "'descr': '", " ", "("]) {
    const file = npy("<f8", `(${long(piece, 60_000)}`, new Uint8Array(8));
    expect(() => readNpy(file, "a.npy")).toThrow(/a\.npy: byte 8: /);
  }
});

it("a table of 5,000 columns is learned from by looking at each of them once", async () => {
  const names = Array.from({ length: 5000 }, (_, i) => `c${i}`);
  const rows = Array.from({ length: 8 }, (_, r) => [...names.map((_, i) => Math.sin(i * 8 + r)), `n${r % 2}`].join());
  const folder = await folderOf({ "wide.csv": [[...names, "y"].join(), ...rows].join("\n") });
  expect((await openData(`${folder}/wide.csv`)).inputShape).toEqual([5000]);
});

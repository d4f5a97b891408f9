import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { type DigitImage, digits } from "../../packages/cli/src/cli/ui/digits.js";
import { ArgumentError } from "../../packages/tidu/src/base/errors.js";

/** Makes an image from a drawing in which "#" is white and "+" a middle gray. */
function image(drawing: string[], range: [dark: number, bright: number] = [0, 1]): DigitImage {
  const level = { "#": 1, "+": 0.5, ".": 0 } as Record<string, number>;
  const pixels = Float32Array.from([...drawing.join("")], (c) => range[0] + level[c] * (range[1] - range[0]));
  return { pixels, width: drawing[0].length, height: drawing.length, truth: "4", predicted: "9" };
}

const glyph = image(["#.#++", "##.++", "#.#++"]);

describe("digits", () => {
  it("packs two pixels into a character and puts a caption under the image", () => {
    expect(digits([glyph], 80)).toBe(["█▄▀▒▒", "▀ ▀▀▀", "4 → 9"].join("\n"));
  });

  it("does not care how pixels were normalized", () => {
    const drawn = digits([glyph], 80);
    expect(digits([image(["#.#++", "##.++", "#.#++"], [-0.4, 2.8])], 80)).toBe(drawn);
    expect(digits([{ ...glyph, pixels: Uint8Array.from(glyph.pixels, (p) => p * 254) }], 80)).toBe(drawn);
  });

  it("puts as many side by side as fit", () => {
    const count = (columns: number) =>
      digits([glyph, glyph, glyph], columns)
        .split("\n")
        .filter((line) => line.includes("→")).length;
    expect([19, 18, 12, 11, 1].map(count)).toEqual([1, 2, 2, 3, 3]);
    expect(digits([glyph, glyph], 12).split("\n")[2]).toBe("4 → 9  4 → 9");
  });

  it("leaves out edges that are empty in every image", () => {
    const padded = image([".......", ".#.....", ".......", ".....#.", "......."]);
    expect(digits([padded], 80).split("\n").slice(0, -1)).toEqual(["▀", "    ▀"]);
  });

  it("draws an even image whole", () => {
    const flat = image(["....", "....", "....", "...."]);
    expect(digits([{ ...flat, truth: "", predicted: "" }], 80)).toBe("\n\n →");
  });

  it("draws exact grays with color, and resets it on each line", () => {
    const lines = digits([glyph], 80, { color: true }).split("\n");
    expect(lines[0].startsWith("\x1b[38;5;255;48;5;255m▀\x1b[38;5;232;48;5;255m▀")).toBe(true);
    for (const line of lines.slice(0, -1)) expect(line.endsWith("\x1b[0m")).toBe(true);
    expect(stripVTControlCharacters(lines[0])).toBe("▀▀▀▀▀");
  });

  it("cuts captions that do not fit", () => {
    expect(digits([{ ...glyph, truth: "sneaker", predicted: "bag" }], 80).split("\n")[2]).toBe("snea…");
  });

  it("refuses pixels that are not width × height", () => {
    expect(() => digits([{ ...glyph, width: 4 }], 80)).toThrow(ArgumentError);
    expect(digits([], 80)).toBe("");
  });
});

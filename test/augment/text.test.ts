import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as augment from "../../packages/tidu/src/augment/index.js";
import { augmentationForms } from "../../packages/tidu/src/augment/parse.js";
import { ArgumentError, ShapeError } from "../../packages/tidu/src/base/errors.js";
import { zeros } from "../../packages/tidu/src/tensor/tensor.js";
import { anySteps, made } from "./support/make.js";

const { parseAugment } = augment;

describe("the text form", () => {
  test.each([
    ["shift:2,rotate:15,flip", () => augment.compose(augment.shift(2), augment.rotate(15), augment.flip())],
    ["flip:vertical:p=0.2", () => augment.flip("vertical", { p: 0.2 })],
    ["crop:4:size=24:border=nearest", () => augment.crop(4, { size: 24, border: "nearest" })],
    ["scale:0.1:border=nearest:p=0.5", () => augment.scale(0.1, { border: "nearest", p: 0.5 })],
    ["shear:10", () => augment.shear(10, { p: undefined })],
    ["brightness:0.2,contrast:0.3", () => augment.compose(augment.brightness(0.2), augment.contrast(0.3))],
    ["cutout:8:fill=128", () => augment.cutout(8, { fill: 128 })],
    ["mixup:1e-7", () => augment.mixup(1e-7)],
  ])("%s", (text, make) => {
    expect(String(make())).toBe(text);
    expect(String(parseAugment(text))).toBe(text);
  });

  test("is read back as what was written, whatever that is", () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const text = String(made(steps));
        expect(String(parseAugment(text))).toBe(text);
      }),
      { numRuns: 200, seed: 1 },
    );
  });

  test("is what JSON keeps", () => {
    expect(JSON.stringify({ augment: parseAugment("shift:2,flip") })).toBe('{"augment":"shift:2,flip"}');
  });

  test("may have spaces after commas, and the direction of a flip", () => {
    expect(String(parseAugment("shift:2, flip:horizontal"))).toBe("shift:2,flip");
  });

  test("is known for all augmentations there are", () => {
    const functions = Object.keys(augment).filter((name) => name !== "compose" && name !== "parseAugment");
    expect(
      augmentationForms()
        .map((form) => form.split(/[:[]/)[0])
        .sort(),
    ).toEqual(functions.sort());
  });

  const forms =
    "there are shift:PIXELS, rotate:DEGREES, scale:BY, shear:DEGREES, flip[:horizontal|vertical], crop:PADDING, brightness:BY, contrast:BY, cutout:SIZE, mixup:ALPHA";
  const rotate = "write rotate:DEGREES, and after it, if wanted, :p=NUMBER or :border=zeros|nearest";
  test.each([
    ["rotat:15", `augment: there is no "rotat"; ${forms}`],
    ["", `augment: there is no ""; ${forms}`],
    ["flip,", `augment: there is no ""; ${forms}`],
    ["toString", `augment: there is no "toString"; ${forms}`],
    ["rotate", `augment: "rotate" is not understood; ${rotate}`],
    ["rotate:", `augment: "rotate:" is not understood; ${rotate}`],
    ["flip,rotate:much", `augment: "rotate:much" is not understood; ${rotate}`],
    ["rotate:15:20", `augment: "rotate:15:20" is not understood; ${rotate}`],
    ["rotate:15:q=1", `augment: "rotate:15:q=1" is not understood; ${rotate}`],
    ["rotate:15:p", `augment: "rotate:15:p" is not understood; ${rotate}`],
    ["rotate:15:p=", `augment: "rotate:15:p=" is not understood; ${rotate}`],
    ["rotate:15:p=1=1", `augment: "rotate:15:p=1=1" is not understood; ${rotate}`],
    ["rotate:15:p=1:p=0", `augment: "rotate:15:p=1:p=0" is not understood; ${rotate}`],
    ["flip:up", 'flip: direction is "up"; it must be "horizontal" or "vertical"'],
    ["shift:2:border=mirror", 'shift: border is "mirror"; it must be "zeros" or "nearest"'],
  ])("%j is refused", (text, message) => {
    expect(() => parseAugment(text)).toThrow(ArgumentError);
    expect(() => parseAugment(text)).toThrow(message);
  });
});

describe("arguments that are refused, by name, value and what is allowed", () => {
  test.each<[() => unknown, string]>([
    [() => augment.shift(-1), "shift: pixels is -1; it must be a whole number of at least 0"],
    [() => augment.shift(1.5), "shift: pixels is 1.5; it must be a whole number of at least 0"],
    [() => augment.rotate(-5), "rotate: degrees is -5; it must be from 0 to 180"],
    [() => augment.rotate(Number.NaN), "rotate: degrees is NaN; it must be from 0 to 180"],
    [() => augment.rotate(5, { p: 1.5 }), "rotate: p is 1.5; it must be from 0 to 1"],
    [() => augment.scale(1), "scale: by is 1; it must be from 0 to 0.9"],
    [() => augment.shear(89), "shear: degrees is 89; it must be from 0 to 80"],
    [() => augment.flip("horizontal", { p: -0.1 }), "flip: p is -0.1; it must be from 0 to 1"],
    [() => augment.crop(-1), "crop: padding is -1; it must be a whole number of at least 0"],
    [() => augment.crop(1, { size: 0 }), "crop: size is 0; it must be a whole number of at least 1"],
    [() => augment.brightness(2), "brightness: by is 2; it must be from 0 to 1"],
    [() => augment.contrast(-1), "contrast: by is -1; it must be from 0 to 1"],
    [() => augment.cutout(0), "cutout: size is 0; it must be a whole number of at least 1"],
    [
      () => augment.cutout(2, { fill: Number.POSITIVE_INFINITY }),
      "cutout: fill is Infinity; it must be a finite number",
    ],
    [() => augment.mixup(0), "mixup: alpha is 0; it must be a finite number above 0"],
    [() => augment.mixup(1, { p: 2 }), "mixup: p is 2; it must be from 0 to 1"],
    [() => augment.compose(), "compose: no augmentations; give at least one"],
  ])("%s", (body, message) => {
    expect(body).toThrow(ArgumentError);
    expect(body).toThrow(message);
  });
});

describe("shapes that are refused, with the mend", () => {
  test.each<[() => unknown, string]>([
    [
      () => augment.flip().apply(zeros([64, 784])),
      "augment: the batch has shape [64, 784], expected [samples, channels, height, width]; reshape it, or give the data set's samples the shape [channels, height, width]",
    ],
    [
      () => augment.crop(1, { size: 9 }).apply(zeros([2, 1, 6, 8])),
      "crop: a window of 9 pixels does not fit into images of 6 by 8 with 1 more at each side; use a smaller size or more padding",
    ],
  ])("%s", (body, message) => {
    expect(body).toThrow(ShapeError);
    expect(body).toThrow(message);
  });
});

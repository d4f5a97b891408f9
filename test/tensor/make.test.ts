// What tensors are made of: values, types and the errors for what they cannot be made of.
import { describe, expect, test } from "vitest";
import "../../packages/tidu/src/index.js";
import { ArgumentError, ShapeError, TiduError } from "../../packages/tidu/src/base/errors.js";
import { arange, full, ones, tensor, zeros } from "../../packages/tidu/src/tensor/tensor.js";
import { Variable } from "../../packages/tidu/src/tensor/variable.js";

describe("tensor takes", () => {
  test.each<[string, Parameters<typeof tensor>, string, unknown]>([
    [
      "nested lists",
      [
        [
          [1, 2],
          [3, 4],
        ],
      ],
      "tensor f32 [2, 2]",
      [
        [1, 2],
        [3, 4],
      ],
    ],
    ["a number", [3], "tensor f32 []", 3],
    ["true and false", [[true, false]], "tensor bool [2]", [1, 0]],
    ["doubles", [Float64Array.of(1.5, -2.5, 300)], "tensor f32 [3]", [1.5, -2.5, 300]],
    ["bytes", [Uint8Array.of(1, 254)], "tensor u8 [2]", [1, 254]],
    ["clamped bytes", [Uint8ClampedArray.of(1, 254)], "tensor u8 [2]", [1, 254]],
    ["signed bytes", [Int8Array.of(-1, 127)], "tensor i32 [2]", [-1, 127]],
    ["short whole numbers", [Int16Array.of(-300, 300)], "tensor i32 [2]", [-300, 300]],
    ["unsigned short ones", [Uint16Array.of(65535)], "tensor i32 [1]", [65535]],
    ["unsigned ones that fit", [Uint32Array.of(7, 2 ** 31 - 1)], "tensor i32 [2]", [7, 2 ** 31 - 1]],
    ["long ones that fit", [BigInt64Array.of(-3n)], "tensor i32 [1]", [-3]],
    [
      "a shape",
      [Float32Array.of(1, 2, 3, 4), [2, 2]],
      "tensor f32 [2, 2]",
      [
        [1, 2],
        [3, 4],
      ],
    ],
    ["a type", [[1, 2], [2], "i32"], "tensor i32 [2]", [1, 2]],
    ["NaN", [[1, Number.NaN]], "tensor f32 [2]", [1, Number.NaN]],
    ["numbers as truth", [[0, 2, -1], [3], "bool"], "tensor bool [3]", [0, 1, 1]],
  ])("%s", async (_, args, text, values) => {
    const x = tensor(...args);
    expect(String(x)).toBe(text);
    expect(await x.array()).toEqual(values);
  });

  test("a copy of a typed array", async () => {
    const data = Float32Array.of(1, 2);
    const x = tensor(data);
    data[0] = 9;
    expect(await x.array()).toEqual([1, 2]);
  });
});

describe("tensor refuses", () => {
  const LIST = "a number, true or false, or a list of these that is not empty; or give one typed array and a shape";
  test.each<[() => unknown, string]>([
    [() => tensor([]), `tensor: values is []; it must be ${LIST}`],
    [() => tensor("abc" as never), `tensor: values is "abc"; it must be ${LIST}`],
    [() => tensor(null as never), `tensor: values is null; it must be ${LIST}`],
    [() => tensor([1, undefined as never]), `tensor: values[1] is undefined; it must be ${LIST}`],
    [() => tensor([[1, 2], [3]]), "tensor: values[1] is [3]; it must be a list of 2, like those before"],
    [() => tensor([1, true]), "tensor: values[1] is true; it must be a number, like those before"],
    [() => tensor([1, [2]]), `tensor: values[1] is [2]; it must be ${LIST}`],
    [
      () => tensor(Uint32Array.of(1, 2 ** 31)),
      "tensor: values[1] is 2147483648; it must be a whole number from -2147483648 to 2147483647, as i32 has",
    ],
    [
      () => tensor(BigInt64Array.of(2n ** 40n)),
      "tensor: values[0] is 1099511627776n; it must be a whole number from -2147483648",
    ],
    [() => tensor([1, 2.5], [2], "i32"), "tensor: values[1] is 2.5; it must be a whole number"],
    [() => tensor([300], [1], "u8"), "tensor: values[0] is 300; it must be a whole number from 0 to 255, as u8 has"],
    [
      () => tensor([1], [1], "int32" as never),
      'tensor: dtype is "int32"; it must be "f32" or "f16" or "bf16" or "i32" or "u8" or "bool"',
    ],
    [() => tensor([1, 2, 3], [2, 2]), "tensor: shape is [2, 2]; it must be of 3 elements, as many as values"],
    [() => tensor([1, 2], [-2, -1]), "tensor: shape[0] is -2; it must be a whole number of at least 1"],
    [
      () => tensor([1, 2], "2" as never),
      'tensor: shape is "2"; it must be a list of whole numbers of at least 1, such as [2, 3]',
    ],
    [() => tensor(new DataView(new ArrayBuffer(4)) as never), "tensor: values is DataView"],
    [() => full([2], Number.NaN), "full: value is NaN; it must be a number, not NaN"],
    [() => full([2.5], 1), "full: shape[0] is 2.5; it must be a whole number"],
    [() => zeros([0]), "zeros: shape[0] is 0; it must be a whole number"],
    [() => ones(3 as never), "ones: shape is 3; it must be a list of whole numbers"],
    [
      () => zeros([1e9, 1e9]),
      "zeros: shape is [1000000000, 1000000000], 1000000000000000000 elements; there must be at most 9007199254740991",
    ],
    [() => arange(2.5), "arange: count is 2.5; it must be a whole number from 1 to 2147483647"],
    [() => new Variable(3 as never), "Variable: value is 3; it must be a tensor"],
    [() => new Variable(ones([2])).assign(5 as never), "assign: value is 5; it must be a tensor"],
    [
      () => new Variable(ones([2])).assign(ones([3])),
      "assign: value is tensor f32 [3]; it must be f32 [2], as the variable is; use to() or reshape()",
    ],
  ])("%s", (body, message) => {
    expect(body).toThrow(TiduError);
    expect(body).toThrow(message);
    let error: unknown;
    try {
      body();
    } catch (e) {
      error = e;
    }
    expect(error instanceof ArgumentError || error instanceof ShapeError).toBe(true);
  });
});

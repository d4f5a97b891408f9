// Every method of tensors: what it gives, and the errors for arguments that it does not take, which name the method that
// was called.
import { describe, expect, test } from "vitest";
import "../../packages/tidu/src/index.js";
import { ArgumentError, TiduError } from "../../packages/tidu/src/base/errors.js";
import { concat, Tensor, tensor } from "../../packages/tidu/src/tensor/tensor.js";
import { Variable } from "../../packages/tidu/src/tensor/variable.js";

const x = tensor([
  [1, -2, 3],
  [4, 5, -6],
]);
const v = tensor([1, 2, 3]);
const close = (values: unknown): unknown =>
  Array.isArray(values) ? values.map(close) : typeof values === "number" ? expect.closeTo(values, 5) : values;

/** What each method gives for a valid call. */
const GIVES: readonly [method: string, call: () => Tensor, values: unknown, dtype?: string][] = [
  ["add", () => v.add(1), [2, 3, 4]],
  ["sub", () => v.sub(v), [0, 0, 0]],
  ["mul", () => v.mul(v), [1, 4, 9]],
  ["div", () => v.div(2), [0.5, 1, 1.5]],
  ["pow", () => v.pow(3), [1, 8, 27]],
  ["pow", () => v.pow(2), [1, 4, 9]],
  ["maximum", () => v.maximum(2), [2, 2, 3]],
  ["minimum", () => v.minimum(2), [1, 2, 2]],
  ["neg", () => v.neg(), [-1, -2, -3]],
  [
    "abs",
    () => x.abs(),
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
  ],
  [
    "sign",
    () => x.sign(),
    [
      [1, -1, 1],
      [1, 1, -1],
    ],
  ],
  ["square", () => v.square(), [1, 4, 9]],
  ["sqrt", () => v.square().sqrt(), [1, 2, 3]],
  ["exp", () => v.exp(), [Math.E, Math.E ** 2, Math.E ** 3]],
  ["log", () => v.log(), [0, Math.log(2), Math.log(3)]],
  ["expm1", () => v.expm1(), [1, 2, 3].map(Math.expm1)],
  ["log1p", () => v.log1p(), [1, 2, 3].map(Math.log1p)],
  ["sin", () => v.sin(), [1, 2, 3].map(Math.sin)],
  ["cos", () => v.cos(), [1, 2, 3].map(Math.cos)],
  ["tanh", () => v.tanh(), [1, 2, 3].map(Math.tanh)],
  ["erf", () => tensor([0, 1]).erf(), [0, 0.8427008]],
  ["floor", () => tensor([1.5, -1.5]).floor(), [1, -2]],
  [
    "relu",
    () => x.relu(),
    [
      [1, 0, 3],
      [4, 5, 0],
    ],
  ],
  ["sigmoid", () => tensor([0]).sigmoid(), [0.5]],
  ["softplus", () => tensor([0]).softplus(), [Math.LN2]],
  ["softmax", () => tensor([0, 0]).softmax(), [0.5, 0.5]],
  ["logSoftmax", () => tensor([0, 0]).logSoftmax(), [-Math.LN2, -Math.LN2]],
  ["lt", () => v.lt(2), [1, 0, 0], "bool"],
  ["le", () => v.le(2), [1, 1, 0], "bool"],
  ["gt", () => v.gt(2), [0, 0, 1], "bool"],
  ["ge", () => v.ge(2), [0, 1, 1], "bool"],
  ["eq", () => tensor(Int32Array.of(1, 2)).eq(2.7), [0, 0], "bool"],
  ["where", () => v.gt(1).where(v, -1), [-1, 2, 3]],
  ["not", () => v.gt(1).not(), [1, 0, 0], "bool"],
  ["toFloat", () => v.gt(1).toFloat(), [0, 1, 1]],
  ["toInt", () => tensor([1.7, -1.7]).toInt(), [1, -1], "i32"],
  ["toInt", () => v.gt(1).toInt(), [0, 1, 1], "i32"],
  ["to", () => tensor(Uint8Array.of(7)).to("i32"), [7], "i32"],
  ["sum", () => x.sum(0), [5, 3, -3]],
  ["sum", () => x.sum(), 5],
  ["sum", () => v.gt(1).sum(), 2, "i32"],
  ["mean", () => x.mean(1, true), [[2 / 3], [1]]],
  ["max", () => x.max([1]), [3, 5]],
  ["min", () => x.min([-1]), [-2, -6]],
  ["argmax", () => x.argmax(), [2, 1], "i32"],
  ["matmul", () => x.matmul(v), [6, -4]],
  ["matmul", () => tensor(Int32Array.of(1, 2)).matmul(tensor(Int32Array.of(3, 4))), 11, "i32"],
  [
    "transpose",
    () => x.transpose(),
    [
      [1, 4],
      [-2, 5],
      [3, -6],
    ],
  ],
  [
    "permute",
    () => x.permute([1, 0]),
    [
      [1, 4],
      [-2, 5],
      [3, -6],
    ],
  ],
  [
    "reshape",
    () => x.reshape([3, -1]),
    [
      [1, -2],
      [3, 4],
      [5, -6],
    ],
  ],
  ["flatten", () => x.flatten(), [1, -2, 3, 4, 5, -6]],
  [
    "broadcastTo",
    () => v.broadcastTo([2, 3]),
    [
      [1, 2, 3],
      [1, 2, 3],
    ],
  ],
  [
    "slice",
    () => x.slice(1, 0, 3, 2),
    [
      [1, 3],
      [4, -6],
    ],
  ],
  ["pad", () => v.pad([[1, 0]]), [0, 1, 2, 3]],
  ["flip", () => v.flip(), [3, 2, 1]],
  ["unsqueeze", () => v.unsqueeze(0), [[1, 2, 3]]],
  ["squeeze", () => v.unsqueeze(0).squeeze(0), [1, 2, 3]],
  ["gather", () => v.gather(tensor(Int32Array.of(2, 0))), [3, 1]],
  ["detach", () => v.detach(), [1, 2, 3]],
  ["pipe", () => v.pipe((y: Tensor, factor: number) => y.mul(factor), 2), [2, 4, 6]],
];

describe("gives", () => {
  test.each(GIVES)("%s", async (_, call, values, dtype = "f32") => {
    const y = call();
    expect(y.dtype).toBe(dtype);
    expect(await y.array()).toEqual(close(values));
  });

  test("each method has a row", () => {
    const other = [
      "constructor",
      "toString",
      "toJSON",
      "valueOf",
      "data",
      "array",
      "item",
      "realize",
      "node",
      "shape",
      "dtype",
      "rank",
      "size",
      "read",
    ];
    const methods = Object.getOwnPropertyNames(Tensor.prototype).filter((name) => !other.includes(name));
    const rows = new Set(GIVES.map(([name]) => name));
    expect(methods.filter((name) => !rows.has(name))).toEqual([]);
  });
});

const OPERAND = "it must be a tensor or a number, not NaN (make that with tensor)";
const binary = ["add", "sub", "mul", "div", "pow", "maximum", "minimum", "lt", "le", "gt", "ge", "eq"] as const;
const axis = (name: string, given: string, rank = 2) =>
  `${name} is ${given}; it must be a whole number from ${-rank} to ${rank - 1}`;

describe("refuses, in the name of the method called", () => {
  test.each(
    binary.flatMap(
      (name) =>
        [
          [name, () => x[name]("3" as never), `y is "3"; ${OPERAND}`],
          [name, () => x[name]([1, 2] as never), `y is [1, 2]; ${OPERAND}`],
          [name, () => x[name](Number.NaN), `y is NaN; ${OPERAND}`],
          [name, () => x[name](null as never), `y is null; ${OPERAND}`],
          [name, () => x[name](tensor([1, 2])), "shapes [2, 3] and [2] do not broadcast"],
        ] as [string, () => unknown, string][],
    ),
  )("%s", (name, body, message) => {
    if (message.startsWith("shapes") && ["gt", "ge"].includes(name)) message = "do not broadcast";
    expect(body).toThrow(TiduError);
    expect(body).toThrow(message);
    expect(body).toThrow(new RegExp(`^${name}: `));
  });

  test.each<[string, () => unknown, string]>([
    ["softmax", () => x.softmax(2), axis("axis", "2")],
    ["logSoftmax", () => x.logSoftmax(0.5), axis("axis", "0.5")],
    ["softmax", () => tensor(1).softmax(), "axis is -1; the tensor has no axes; give it one by reshape([1])"],
    ["where", () => x.where(1, 2), 'the tensor is tensor f32 [2, 3]; it must be bool; compare it, or use to("bool")'],
    ["where", () => x.gt(0).where("1" as never, 2), `x is "1"; ${OPERAND}`],
    ["not", () => x.not(), "the tensor is tensor f32 [2, 3]; it must be bool"],
    [
      "to",
      () => x.to("int32" as never),
      'dtype is "int32"; it must be "f32" or "f16" or "bf16" or "i32" or "u8" or "bool"',
    ],
    ["sum", () => x.sum(5), axis("axes", "5")],
    ["sum", () => x.sum([0, 0]), "axes is [0, 0]; each must be named once"],
    ["sum", () => x.sum(0, 1 as never), "keep is 1; it must be true or false"],
    ["mean", () => x.mean("0" as never), axis("axes", '"0"')],
    ["max", () => x.max([0.5]), axis("axes", "0.5")],
    ["min", () => x.min(null as never), axis("axes", "null")],
    ["argmax", () => x.argmax(-3), axis("axis", "-3")],
    [
      "matmul",
      () => x.matmul(x),
      "y is tensor f32 [2, 3]; it must be of 3 rows, as many as tensor f32 [2, 3] has columns",
    ],
    ["matmul", () => x.matmul(3 as never), "y is 3; it must be a tensor"],
    ["matmul", () => x.matmul(tensor(1)), "y is tensor f32 []; it must be of at least one axis"],
    ["transpose", () => x.transpose(0, 2), axis("b", "2")],
    ["permute", () => tensor([[1]]).permute([1, 0, 0]), "each must be named once"],
    ["permute", () => x.permute([0]), "axes is [0]; it must be an order of all 2 axes"],
    ["permute", () => x.permute(undefined as never), "axes is undefined; it must be an order of all 2 axes"],
    [
      "reshape",
      () => x.reshape([4]),
      "shape is [4]; it must be of 6 elements, as tensor f32 [2, 3] has; one size may be -1",
    ],
    ["reshape", () => x.reshape([2.5, 2]), "shape[0] is 2.5; it must be a whole number"],
    ["reshape", () => x.reshape([-2, -3]), "shape[0] is -2; it must be a whole number"],
    ["flatten", () => x.flatten(2), axis("start", "2")],
    ["broadcastTo", () => v.broadcastTo([2.5]), "shape[0] is 2.5; it must be a whole number"],
    ["broadcastTo", () => v.broadcastTo([2]), "shapes [3] and [2] do not broadcast"],
    ["slice", () => v.slice(0, 0, 2.5), "end is 2.5; it must be a whole number from 1 to 3"],
    ["slice", () => v.slice(0, -1), "start is -1; it must be a whole number from 0 to 2; use at(), which"],
    [
      "slice",
      () => v.slice(0, 0, -1),
      "end is -1; it must be a whole number from 1 to 3; use at(), which counts from the",
    ],
    ["slice", () => v.slice(0, 2, 1), "end is 1; it must be a whole number from 3 to 3"],
    ["slice", () => v.slice(0, 0, 3, 0), "step is 0; it must be a whole number of at least 1"],
    [
      "pad",
      () => v.pad([[1, 1, 5] as never]),
      "widths is [[1, 1, 5]]; it must be a pair [before, after] for each of the 1 axes",
    ],
    ["pad", () => v.pad([[1, -1]]), "widths[0][1] is -1; it must be a whole number of at least 0"],
    ["flip", () => v.flip(1), axis("axes", "1", 1)],
    ["unsqueeze", () => v.unsqueeze(3), axis("axis", "3")],
    ["squeeze", () => v.squeeze(0), "axis is 0; it must be one of size 1 of tensor f32 [3]"],
    ["gather", () => v.gather(v), "rows is tensor f32 [3]; it must be whole numbers (i32 or u8); use toInt()"],
    ["gather", () => v.gather(1 as never), "rows is 1; it must be a tensor"],
    ["concat", () => concat([]), "parts is []; it must be a list of tensors, at least one"],
    ["concat", () => concat([v, 1 as never]), "parts[1] is 1; it must be a tensor"],
    [
      "concat",
      () => concat([x, v]),
      "parts[1] is tensor f32 [3]; it must be like parts[0], tensor f32 [2, 3], in all axes but 0",
    ],
  ])("%s", (name, body, message) => {
    expect(body).toThrow(TiduError);
    expect(body).toThrow(`${name}: ${message.startsWith("each") ? "" : message}`);
    expect(body).toThrow(message);
  });

  test("data of another type than the tensor's", async () => {
    const [x, whole] = [tensor([1.5]), tensor(Int32Array.of(2))];
    expect(await x.data("f32")).toEqual(Float32Array.of(1.5));
    expect(await whole.data("i32")).toEqual(Int32Array.of(2));
    expect(await x.gt(1).data("bool")).toEqual(Int32Array.of(1));
    expect(await whole.to("u8").data("u8")).toEqual(Uint8Array.of(2));
    expect(() => x.data("i32")).toThrow(
      new ArgumentError(`data: dtype is "i32"; it must be "f32", as the tensor's is; convert it with to()`),
    );
    expect(() => new Variable(whole).data("f32")).toThrow(ArgumentError);
  });

  test("operators of the language, which know no tensors; text they do", () => {
    const [a, b] = [tensor([1]), tensor([2])] as unknown as [number, number];
    const wrong = /^tensor f32 \[1\] is not a number; use its methods, as in x\.add\(y\)/;
    for (const f of [() => a > b, () => a > 3, () => a * 2, () => a + b, () => a - 1, () => -a, () => Math.max(a, 1)])
      expect(f).toThrow(wrong);
    expect(`${a}`).toBe("tensor f32 [1]");
    expect(String([a, b])).toBe("tensor f32 [1],tensor f32 [1]");
    expect(() => x.transpose([1, 0] as never)).toThrow(
      "transpose: a is [1, 0]; it must be one axis; use permute for an order of all",
    );
  });

  test("item of several numbers", async () => {
    await expect(x.item()).rejects.toThrow(
      "item: the tensor is tensor f32 [2, 3]; it must be of one number; use data()",
    );
  });
});

// Ways of JavaScript to write values down that know nothing of tensors and networks: an error, never an empty object.
import { inspect } from "node:util";
import { ArgumentError, nn, type Tensor, tensor, Variable } from "tidu";
import { describe, expect, test } from "vitest";
import "../../packages/tidu/src/nn/inspect.js";

const things: [string, object, RegExp][] = [
  ["a tensor", tensor([1, 2]), /data\(\)/],
  ["what is not computed", tensor([1, 2]).add(1), /data\(\)/],
  ["a variable", new Variable(tensor([1])), /data\(\)/],
  ["a layer", nn.linear(2, 3), /serialize\(net\)/],
  ["a layer without parameters", nn.relu(), /serialize\(net\)/],
  ["a network", nn.sequential(nn.relu()), /serialize\(net\)/],
];

describe.each(things)("%s", (_, thing, says) => {
  test("cannot be cloned or posted", () => {
    for (const value of [thing, { thing }, [thing]]) expect(() => structuredClone(value)).toThrow(says);
    const { port1 } = new MessageChannel();
    expect(() => port1.postMessage(thing)).toThrow(says);
    port1.close();
  });

  test("cannot be written as JSON", () => {
    for (const value of [thing, { thing }, [thing]]) expect(() => JSON.stringify(value)).toThrow(ArgumentError);
    expect(() => JSON.stringify(thing)).toThrow(thing instanceof nn.Module ? /save or serialize/ : /x\.array\(\)/);
  });
});

test("the console shows a network's layers, also one that knows what it is in", () => {
  class Part extends nn.Module {
    readonly inner = nn.sequential(nn.linear(2, 3), nn.dropout(0.5));
    readonly whole: nn.Module = this;
    override forward = this.inner.forward;
  }
  expect(inspect(nn.linear(2, 3))).toBe("linear(2, 3)");
  expect(inspect(new Part())).toBe(
    "Part {\n  inner: Sequential {\n    0: linear(2, 3)\n    1: dropout(0.5)\n  }\n  whole: Part\n}",
  );
});

test("a network of a class without forward says so, wherever it is used", async () => {
  class Bare extends nn.Module {
    // Only JavaScript has classes without.
    declare forward: (x: Tensor) => Tensor;
  }
  const [bare, x] = [new Bare(), tensor([1])];
  const says = /Bare: forward is undefined; it must be a method/;
  await expect(bare.predict(x)).rejects.toThrow(says);
  expect(() => nn.sequential(bare).forward(x)).toThrow(says);
  class Field extends nn.Module {
    override forward = (y: Tensor) => y.mul(2);
  }
  expect(await (await new Field().predict(x)).array()).toEqual([2]);
});

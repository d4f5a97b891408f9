// What lies behind a sequence's own length may be anything: it changes no value and no gradient.
import { compile, grad, loss, nn, type Tensor, tensor } from "tidu";
import { describe, expect, it } from "vitest";

const lengths = tensor(Int32Array.of(2, 4));

/** Two sequences of 2 and 4 steps of 3 features; behind the first is `rest`. */
const sequences = (rest: number): Tensor =>
  tensor(
    Float32Array.from({ length: 24 }, (_, i) => (i >= 6 && i < 12 ? rest : Math.sin(i))),
    [2, 4, 3],
  );

const read = (list: readonly Tensor[]): Promise<number[][]> =>
  Promise.all(list.map(async (x) => [...(await x.data())]));

describe.each([Number.NaN, Number.POSITIVE_INFINITY, 1e30])("behind a sequence %d", (rest) => {
  it.each([nn.rnn, nn.lstm, nn.gru])("leaves layers alone", async (make) => {
    const net = make(3, 4, { bidirectional: true, layers: 2 }).initialize(1);
    const all = compile((x: Tensor) => {
      const { output, state } = net.run(x, { lengths });
      const cost = state.reduce((sum, s) => sum.add(s.sum()), output.square().sum());
      return [output, ...state, ...grad(cost, [x, ...net.parameters()])];
    });
    const results = async (x: Tensor) => read(await all(x));
    expect(await results(sequences(rest))).toEqual(await results(sequences(0)));
  });

  it("leaves the CTC loss alone", async () => {
    const target = (symbol: number) => tensor(Int32Array.of(1, symbol, symbol, 2, 1, 0), [2, 3]);
    const options = { blank: 0, inputLengths: lengths, targetLengths: tensor(Int32Array.of(1, 2)) };
    const results = (logs: Tensor, symbol: number) => {
      const cost = loss.ctc(logs, target(symbol), options);
      return read([cost, ...grad(cost, [logs])]);
    };
    for (const symbol of [-1, 99])
      expect(await results(sequences(rest), symbol)).toEqual(await results(sequences(0), 0));
  });
});

it("a symbol that counts must be a class", async () => {
  const target = tensor(Int32Array.of(1, 3, -1, 2, 1, -1), [2, 3]);
  const cost = loss.ctc(sequences(0), target, { targetLengths: tensor(Int32Array.of(2, 2)) });
  await expect(cost.item()).rejects.toThrow("ctc: label 3 at [0, 1]; it must be from 0 to 2");
});

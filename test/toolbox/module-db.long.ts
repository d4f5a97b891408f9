// PyTorch's own samples of its modules, two steps of training each: lazily and compiled, the latter on two threads, too.
import { afterAll, expect, test } from "vitest";
import { isInt, loadGolden, type ModuleCase } from "../goldens/load.js";
import { close } from "./check.js";
import { Missing, SUBJECTS, type Subject } from "./module-db.js";
import * as td from "./tidu.js";

const { compile, optim, setDevice, tensor, Variable, WasmDevice } = td;
const [RATE, MOMENTUM, STEPS] = [0.05, 0.9, 2];
/** Roundings of two steps of training, in units of the largest value; more only where PyTorch's own float32 is as far. */
const toleranceOf = (golden: ModuleCase): number => Math.max(1e-5, 4 * golden.float32);

const cases = loadGolden("module-db").cases;
const devices = [1, 2].map((threads) => new WasmDevice({ threads }));
afterAll(() => Promise.all(devices.map((d) => d.close())));

function subjectOf(golden: ModuleCase): Subject | string {
  try {
    return SUBJECTS[golden.module](golden.options, golden.inputs, golden.names);
  } catch (error) {
    if (error instanceof Missing) return error.message;
    throw error;
  }
}

/** One number from all float outputs, as the golden's. */
const cost = (outputs: readonly td.Tensor[]): td.Tensor =>
  outputs
    .map((y) => {
      const shares = Float32Array.from({ length: y.size }, (_, i) => Math.sin(i) + 2);
      return y.mul(tensor(shares, y.shape)).sum();
    })
    .reduce((a, b) => a.add(b));

async function run(golden: ModuleCase, compiled: boolean): Promise<void> {
  const { state, run } = subjectOf(golden) as Subject;
  const tolerance = toleranceOf(golden);
  for (const [name, variable] of state) {
    const { data, shape } = golden.state[name];
    variable.assign(tensor(data as Float32Array, shape).to(variable.dtype));
  }
  const inputs = golden.inputs.map((t) => {
    const value = tensor(t.data as Float32Array, t.shape);
    if (t.bool) return value.to("bool");
    return isInt(t) ? value : new Variable(value);
  });
  const trained = inputs.filter((t): t is td.Variable => t instanceof Variable).slice(0, golden.inputsAfter.length);
  const parameters = [...state.values()].filter((v) => v instanceof td.nn.Parameter);
  const sgd = optim.sgd({ lr: RATE, momentum: MOMENTUM });
  const outputs = (): readonly td.Tensor[] => run(inputs);
  const step = () => {
    const ys = outputs();
    if (trained.length + parameters.length > 0) sgd.minimize(cost(ys), [...trained, ...parameters]);
    return [...ys];
  };
  const call: () => Promise<readonly td.Tensor[]> | readonly td.Tensor[] = compiled ? compile(step) : step;
  const first = await call();
  for (const [i, y] of first.entries()) {
    expect(y.shape).toEqual(golden.first[i].shape);
    close(await y.data(), golden.first[i], `output ${i}`, tolerance);
  }
  for (let n = 1; n < STEPS; n++) for (const y of await call()) await y.realize();
  const last = compiled ? await compile(() => [...outputs()])() : outputs();
  for (const [i, y] of last.entries()) close(await y.data(), golden.last[i], `last output ${i}`, tolerance);
  for (const [name, variable] of state)
    close(await variable.data(), golden.stateAfter[name], `${name} after`, tolerance);
  for (const [i, variable] of trained.entries())
    close(await variable.data(), golden.inputsAfter[i], `input ${i} after`, tolerance);
}

const found = cases.map((c) => [c, subjectOf(c)] as const);
const comparable = found.filter(([, s]) => typeof s !== "string").map(([c]) => c);

test("samples are left out only where Tidu has no such option", () => {
  const left: Record<string, number> = {};
  for (const [c, s] of found)
    if (typeof s === "string") left[`${c.module}: ${s}`] = (left[`${c.module}: ${s}`] ?? 0) + 1;
  expect(left).toEqual({
    "BCEWithLogitsLoss: there are weights of columns only": 2,
    "BatchNorm1d: running statistics move by a fixed share": 1,
    "BatchNorm1d: there are running statistics always": 1,
    "BatchNorm2d: running statistics move by a fixed share": 1,
    "BatchNorm2d: there are running statistics always": 1,
    "BatchNorm3d: running statistics move by a fixed share": 1,
    "BatchNorm3d: there are running statistics always": 1,
    "Conv1d: padding of convolutions is zeros": 3,
    "Conv2d: padding of convolutions is zeros": 3,
    "Conv3d: padding of convolutions is zeros": 2,
    "InstanceNorm1d: there are no running statistics of single samples": 2,
    "InstanceNorm2d: there are no running statistics of single samples": 2,
    "InstanceNorm3d: there are no running statistics of single samples": 2,
    "KLDivLoss: kl is of samples": 1,
    "LSTM: outputs are not projected": 16,
    "LogSoftmax: a single number has no axes": 1,
    "MultiheadAttention: attention adds no keys of its own": 48,
    "NLLLoss: nll has no weights and leaves no samples out": 10,
    "NLLLoss: nll takes [n, classes]": 3,
    "PoissonNLLLoss: poisson leaves out what does not depend on the output": 2,
    "Softmax: a single number has no axes": 1,
    "Softplus: softplus has no options": 3,
  });
  expect([cases.length, comparable.length]).toEqual([468, 361]);
});

for (const device of devices) {
  for (const compiled of device.threads === 1 ? [false, true] : [true]) {
    test.each(comparable.map((c) => [c.name, c] as const))(
      `${device.threads} threads, ${compiled ? "compiled" : "lazily"}: %s`,
      async (_, golden) => {
        setDevice(device);
        await run(golden, compiled);
      },
    );
  }
}

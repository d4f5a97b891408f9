// Optimizers, schedules, training and files.
import { augment, data, tidu } from "../packages.js";
import { make, on, type Rows } from "../row.js";

const { nn, optim, loss, tensor, ones, Variable, Trainer, regularize } = tidu;
type Optimizer = InstanceType<typeof optim.Optimizer>;

const variables = () => [new Variable(tensor([1, 2])), new Variable(tensor([3]))];
/** Two steps with an optimizer, so that what it remembers is used. */
const steps = (optimizer: Optimizer) => {
  const [v, w] = variables();
  for (let i = 0; i < 2; i++) optimizer.step([v, w], [tensor([1, 2]), tensor([3])]);
  return [v.data(), w.data()];
};
const common = () => ({
  lr: 0.1,
  weightDecay: 0.01,
  maximize: false,
  clipNorm: 1,
  clipValue: 1,
  groups: [{ parameters: variables(), lr: 0.2, weightDecay: 0, maximize: true }],
});
const group = (own: object) => () => {
  const options = common();
  return [{ ...options, ...own, groups: [{ ...options.groups[0], ...own }] }];
};
/** Something done with an optimizer that has an average of a variable. */
const averaged = (args: (v: InstanceType<typeof Variable>) => unknown[]) => () => {
  const v = new Variable(tensor([1, 2]));
  const self = optim.ema(optim.sgd({ lr: 0.1 }));
  self.step([v], [tensor([1, 1])]);
  return { self, args: args(v) };
};
const schedule = (name: string, of: () => unknown): Rows => ({
  [`optim.schedule.${name}()`]: on(of, () => [1, 0.1, [1, 2]]),
});
const follow = (s: (epoch: number, lr: number, metrics: number[]) => number) =>
  [0, 1, 2].map((e) => s(e, 0.1, [3, 2, 1]));
const { schedule: schedules } = optim;

const samples = () =>
  data.dataset(
    Float32Array.from({ length: 4 * 16 }, (_, i) => i / 64),
    [1, 4, 4],
    Int32Array.of(0, 1, 0, 1),
    {
      classes: ["a", "b"],
    },
  );
const net = () => nn.sequential(nn.flatten(), nn.linear(16, 2));
const trainer = () => new Trainer(net(), { loss: loss.crossEntropy, optimizer: optim.sgd({ lr: 0.01 }) });
const fitOptions = () => ({
  epochs: 1,
  batchSize: 2,
  shuffle: true,
  dropLast: false,
  augment: augment.shift(1),
  validation: samples(),
  schedule: schedules.exponential({ gamma: 0.9 }),
  scheduleBy: "step",
  earlyStop: { patience: 1, metric: "loss", mode: "min", minDelta: 0, restoreBest: true },
  checkpoint: { directory: "checkpoints", everySteps: 1, everySeconds: 100, keep: 2, best: true, note: () => "here" },
  resume: false,
  onResume: () => {},
  onWarning: () => {},
  onEpoch: () => {},
  onStep: () => {},
  signal: new AbortController().signal,
});

export const TRAIN: Rows = {
  "optim.sgd": make(group({ momentum: 0.9, dampening: 0, nesterov: true }), steps as never),
  "optim.adam": make(group({ betas: [0.9, 0.99], eps: 1e-8, amsgrad: true }), steps as never),
  "optim.adagrad": make(group({ eps: 1e-8 }), steps as never),
  "optim.nadam": make(group({ betas: [0.9, 0.99], eps: 1e-8, momentumDecay: 0.004 }), steps as never),
  "optim.radam": make(group({ betas: [0.9, 0.99], eps: 1e-8 }), steps as never),
  "optim.lion": make(group({ betas: [0.9, 0.99] }), steps as never),
  "optim.lamb": make(group({ betas: [0.9, 0.99], eps: 1e-8 }), steps as never),
  "optim.muon": make(group({ momentum: 0.9, rounds: 3 }), steps as never),
  "optim.adafactor": make(group({ decay: 0.8, eps: 1e-30, clip: 1 }), steps as never),
  "optim.adamw": make(group({ betas: [0.9, 0.99], eps: 1e-8, amsgrad: true }), steps as never),
  "optim.rmsprop": make(group({ alpha: 0.9, eps: 1e-8, momentum: 0.5, centered: true }), steps as never),
  "optim.ema": make(() => [optim.sgd({ lr: 0.1 }), { decay: 0.9 }], steps as never),
  "optim.swa": make(() => [optim.sgd({ lr: 0.1 }), { start: 1, every: 2 }], steps as never),
  "Averaging.apply": averaged((v) => [[v]]),
  "Averaging.during": averaged((v) => [[v], () => 1]),
  "Averaging.state": averaged((v) => [new Map([["v", v]])]),
  "Averaging.step": averaged((v) => [[v], [tensor([1, 1])]]),
  "Averaging.minimize": averaged((v) => [v.sum(), [v]]),
  "Averaging.lr=": averaged(() => [0.2]),
  "optim.lbfgs": () => {
    const v = new Variable(tensor([1, 2]));
    return { args: [() => v.mul(v).sum(), [v], { iterations: 5, history: 3, tolerance: 1e-3 }] };
  },
  "optim.clipByNorm": make(() => [[tensor([1, 2])], 1, 2]),
  "optim.clipByValue": make(() => [[tensor([1, 2])], 1]),
  "optim.gradientNorm": make(() => [[tensor([1, 2])], 2]),
  "Optimizer.lr=": on(
    () => optim.sgd({ lr: 0.1 }),
    () => [0.2],
  ),
  "Optimizer.state": on(
    () => optim.adam({ lr: 0.1 }),
    () => [new Map([["w", variables()[0]]])],
  ),
  "Optimizer.minimize": () => {
    const all = variables();
    return { self: optim.sgd({ lr: 0.1 }), args: [all[0].sum().add(all[1].sum()), all], use: () => all[0].data() };
  },
  "Optimizer.step": () => {
    const all = variables();
    return { self: optim.adam({ lr: 0.1 }), args: [all, [tensor([1, 2]), tensor([3])]], use: () => all[0].data() };
  },
  "optim.schedule.step": make(() => [{ every: 2, gamma: 0.1 }], follow as never),
  "optim.schedule.exponential": make(() => [{ gamma: 0.9 }], follow as never),
  "optim.schedule.cosine": make(() => [{ epochs: 5, min: 0 }], follow as never),
  "optim.schedule.linear": make(() => [{ epochs: 5, from: 1, to: 0.5 }], follow as never),
  "optim.schedule.polynomial": make(() => [{ epochs: 5, power: 2, min: 0 }], follow as never),
  "optim.schedule.oneCycle": make(() => [{ epochs: 5, rise: 0.4, from: 0.1, to: 0.01 }], follow as never),
  "optim.schedule.warmup": make(
    () => [{ epochs: 2, from: 0.1, next: schedules.exponential({ gamma: 0.9 }) }],
    follow as never,
  ),
  "optim.schedule.reduceOnPlateau": make(
    () => [{ mode: "max", factor: 0.1, patience: 1, threshold: 0.1, thresholdMode: "absolute", cooldown: 1, min: 0 }],
    follow as never,
  ),
  ...schedule("step", () => schedules.step({ every: 2 })),
  ...schedule("exponential", () => schedules.exponential({ gamma: 0.9 })),
  ...schedule("cosine", () => schedules.cosine({ epochs: 3 })),
  ...schedule("linear", () => schedules.linear({ epochs: 3, from: 1 })),
  ...schedule("polynomial", () => schedules.polynomial({ epochs: 3 })),
  ...schedule("oneCycle", () => schedules.oneCycle({ epochs: 3 })),
  ...schedule("warmup", () => schedules.warmup({ epochs: 3 })),
  ...schedule("reduceOnPlateau", () => schedules.reduceOnPlateau()),

  "new Trainer": make(
    () => [
      net(),
      {
        loss: loss.crossEntropy,
        optimizer: optim.sgd({ lr: 0.01 }),
        regularize: regularize.l2(0.1),
        seed: 3,
        metrics: { error: (y: InstanceType<typeof tidu.Tensor>) => y.mean() },
        step: undefined,
        shards: undefined,
        syncBatchNorm: true,
        world: undefined,
        device: undefined,
      },
    ],
    (made: InstanceType<typeof Trainer>) => made.fit(samples()).next(),
  ),
  "Trainer.fit": on(trainer, () => [samples(), fitOptions()]),
  "Trainer.evaluate": on(trainer, () => [samples(), { batchSize: 3 }]),
  serialize: make(() => [net()]),
  deserialize: async () => {
    const target = net();
    return {
      args: [target, await tidu.serialize(net()), "net.safetensors"],
      use: () => target.forward(ones([1, 16])).data(),
    };
  },
  save: make(() => [net(), "net.safetensors"]),
  load: async () => {
    await tidu.save(net(), "other.safetensors");
    return {
      args: [net(), "other.safetensors", { strict: true, prefix: "", rename: (name: string) => name, skip: /^none/ }],
    };
  },
  readSafetensors: async () => ({ args: [await tidu.serialize(net()), "net.safetensors"] }),
  "SafetensorsReader.read": async () => {
    const reader = await tidu.readSafetensors(await tidu.serialize(net()));
    return { self: reader, args: [[...reader.tensors.keys()][0]] };
  },
};

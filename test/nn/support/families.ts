// Networks of several families, built here as a user would, with the names that they have in PyTorch (test/goldens/generator/families.py).
import { readFileSync } from "node:fs";
import { concat, nn, type Tensor, tensor } from "../../../packages/tidu/src/index.js";

/** Numbers in [-1, 1) that other programs can make: the digits of sines. */
export function noise(shape: readonly number[], k: number): Tensor {
  const count = shape.reduce((a, b) => a * b, 1);
  const digits = (i: number) => {
    const x = Math.sin(i * 12.9898 + k * 78.233 + 0.5) * 43758.5453;
    return (x - Math.floor(x)) * 2 - 1;
  };
  return tensor(
    Float32Array.from({ length: count }, (_, i) => digits(i)),
    shape,
  );
}

/** Gives a network its parameters, each by its place among the sorted names. */
export function fill<M extends nn.Module>(net: M): M {
  const parameters = net.namedParameters();
  [...parameters.keys()].sort().forEach((name, k) => {
    const p = parameters.get(name) as nn.Parameter;
    const value = noise(p.shape, k);
    const fan = p.shape.slice(1).reduce((a, b) => a * b, 1);
    const isScale = name.includes("norm") && name.endsWith("weight");
    p.assign(p.rank > 1 ? value.mul(Math.sqrt(3 / fan)) : value.mul(0.1).add(isScale ? 1 : 0));
  });
  return net;
}

const relu6 = (x: Tensor): Tensor => x.relu().minimum(6);
const relu = (x: Tensor): Tensor => x.relu();

/** A convolution without bias, its normalization, and an activation. */
class Unit extends nn.Module {
  readonly conv: nn.Module;
  readonly norm: nn.BatchNorm;

  constructor(
    a: number,
    b: number,
    kernel: number,
    { stride = 1, groups = 1 } = {},
    readonly act = (x: Tensor): Tensor => x,
  ) {
    super();
    this.conv = nn.conv2d(a, b, kernel, { stride, padding: Math.floor(kernel / 2), groups, bias: false });
    this.norm = nn.batchNorm2d(b);
  }

  override forward(x: Tensor): Tensor {
    return this.act(this.norm.forward(this.conv.forward(x)));
  }
}

const halved = (x: Tensor): Tensor => nn.maxPool2d(2).forward(x);

export class UNet extends nn.Module {
  readonly down1 = new Unit(3, 8, 3, {}, relu);
  readonly down2 = new Unit(8, 16, 3, {}, relu);
  readonly middle = new Unit(16, 32, 3, {}, relu);
  readonly up2 = nn.convTranspose2d(32, 16, 2, { stride: 2 });
  readonly join2 = new Unit(32, 16, 3, {}, relu);
  readonly up1 = nn.convTranspose2d(16, 8, 2, { stride: 2 });
  readonly join1 = new Unit(16, 8, 3, {}, relu);
  readonly head = nn.conv2d(8, 3, 1);

  override forward(x: Tensor): Tensor {
    const a = this.down1.forward(x);
    const b = this.down2.forward(halved(a));
    const c = this.middle.forward(halved(b));
    const d = this.join2.forward(concat([this.up2.forward(c), b], 1));
    return this.head.forward(this.join1.forward(concat([this.up1.forward(d), a], 1)));
  }
}

class Basic extends nn.Module {
  readonly first: Unit;
  readonly second: Unit;
  readonly short?: Unit;

  constructor(a: number, b: number, stride: number) {
    super();
    this.first = new Unit(a, b, 3, { stride }, relu);
    this.second = new Unit(b, b, 3);
    if (stride !== 1 || a !== b) this.short = new Unit(a, b, 1, { stride });
  }

  override forward(x: Tensor): Tensor {
    return this.second
      .forward(this.first.forward(x))
      .add(this.short?.forward(x) ?? x)
      .relu();
  }
}

/** He et al., 2016, a quarter as wide. */
export class ResNet18 extends nn.Module {
  readonly stem = new Unit(3, 16, 7, { stride: 2 }, relu);
  readonly blocks: readonly nn.Module[];
  readonly head = nn.linear(128, 10);

  constructor() {
    super();
    const widths = [16, 16, 32, 64, 128];
    this.blocks = [0, 1, 2, 3].flatMap((i) => [
      new Basic(widths[i], widths[i + 1], i === 0 ? 1 : 2),
      new Basic(widths[i + 1], widths[i + 1], 1),
    ]);
  }

  override forward(x: Tensor): Tensor {
    const start = nn.maxPool2d(3, { stride: 2, padding: 1 }).forward(this.stem.forward(x));
    return this.head.forward(this.blocks.reduce((y, block) => block.forward(y), start).mean([2, 3]));
  }
}

class Inverted extends nn.Module {
  readonly expand?: Unit;
  readonly depth: Unit;
  readonly project: Unit;
  readonly keeps: boolean;

  constructor(a: number, b: number, stride: number, widen: number) {
    super();
    if (widen !== 1) this.expand = new Unit(a, a * widen, 1, {}, relu6);
    this.depth = new Unit(a * widen, a * widen, 3, { stride, groups: a * widen }, relu6);
    this.project = new Unit(a * widen, b, 1);
    this.keeps = stride === 1 && a === b;
  }

  override forward(x: Tensor): Tensor {
    const y = this.project.forward(this.depth.forward(this.expand?.forward(x) ?? x));
    return this.keeps ? x.add(y) : y;
  }
}

/** Sandler et al., 2018, a quarter as wide. */
export class MobileNetV2 extends nn.Module {
  readonly stem = new Unit(3, 8, 3, { stride: 2 }, relu6);
  readonly blocks: readonly nn.Module[];
  readonly last = new Unit(80, 160, 1, {}, relu6);
  readonly head = nn.linear(160, 10);

  constructor() {
    super();
    const rows = [
      [1, 4, 1, 1],
      [6, 6, 2, 2],
      [6, 8, 3, 2],
      [6, 16, 4, 2],
      [6, 24, 3, 1],
      [6, 40, 3, 2],
      [6, 80, 1, 1],
    ];
    let from = 8;
    this.blocks = rows.flatMap(([widen, to, count, stride]) =>
      Array.from({ length: count }, (_, i) => {
        const block = new Inverted(from, to, i === 0 ? stride : 1, widen);
        from = to;
        return block;
      }),
    );
  }

  override forward(x: Tensor): Tensor {
    const y = this.blocks.reduce((z, block) => block.forward(z), this.stem.forward(x));
    return this.head.forward(this.last.forward(y).mean([2, 3]));
  }
}

/** A transformer that tells the next letter. */
export class CharTransformer extends nn.Module {
  readonly embed: nn.Embedding;
  readonly positions: nn.Module;
  readonly blocks: readonly nn.Module[];
  readonly norm = nn.layerNorm(32);
  readonly head: nn.Linear;

  constructor(letters: number, length: number) {
    super();
    this.embed = nn.embedding(letters, 32);
    this.positions = nn.learnedPositions(length, 32);
    const options = { hidden: 64, causal: true, preNorm: true };
    this.blocks = [nn.transformerBlock(32, 4, options), nn.transformerBlock(32, 4, options)];
    this.head = nn.linear(32, letters);
  }

  override forward(x: Tensor): Tensor {
    const y = this.positions.forward(this.embed.forward(x));
    return this.head.forward(this.norm.forward(this.blocks.reduce((z, block) => block.forward(z), y)));
  }
}

/** An LSTM that tells the next letter. */
export class CharLstm extends nn.Module {
  readonly embed: nn.Embedding;
  readonly lstm = nn.lstm(16, 64);
  readonly head: nn.Linear;

  constructor(letters: number) {
    super();
    this.embed = nn.embedding(letters, 16);
    this.head = nn.linear(64, letters);
  }

  override forward(x: Tensor): Tensor {
    return this.head.forward(this.lstm.forward(this.embed.forward(x)));
  }
}

/** This project's license as numbers of its letters, which are in the order of their codes. */
export function text(): { readonly codes: Int32Array; readonly letters: number } {
  const content = [...readFileSync(new URL("../../../LICENSE", import.meta.url), "utf8")];
  const letters = [...new Set(content)].sort();
  return { codes: Int32Array.from(content, (c) => letters.indexOf(c)), letters: letters.length };
}

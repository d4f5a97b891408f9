// Whole networks for the tests of ONNX.
import { presets } from "../../../packages/cli/src/cli/models/presets.js";
import * as nn from "../../../packages/tidu/src/nn/index.js";
import { concat, type Tensor, zeros } from "../../../packages/tidu/src/tensor/tensor.js";

/** A block of your own: what its layers give is added to what they get. */
class Residual extends nn.Module {
  readonly body: nn.Module;
  readonly scale = new nn.Parameter([1, 4, 1, 1], (shape, generator) => generator.normal(shape));

  constructor(...layers: nn.Module[]) {
    super();
    this.body = nn.sequential(...layers);
  }

  override forward(x: Tensor): Tensor {
    return this.body.forward(x).mul(this.scale).add(x).relu();
  }
}

/** Two paths whose channels are joined, with a row of classes in front and the average beside them. */
class Branches extends nn.Module {
  readonly left = nn.conv2d(3, 4, 3, { padding: 1 });
  readonly right = nn.conv2d(3, 2, 1);
  readonly head = nn.linear(6, 5);

  override forward(x: Tensor): Tensor {
    const joined = concat([this.left.forward(x), this.right.forward(x)], 1);
    const centred = joined.sub(joined.mean([2, 3], true));
    const flipped = centred.flip([3]).slice(2, 1, 5, 2).permute([0, 2, 3, 1]);
    return this.head
      .forward(flipped)
      .softmax(-1)
      .reshape([-1, 2 * 8 * 5]);
  }
}

/** Attention over the rows of a sample: products of two tensors, neither of them a parameter. */
class Attention extends nn.Module {
  readonly query = nn.linear(6, 4);
  readonly key = nn.linear(6, 4);
  readonly norm = nn.layerNorm(6);

  override forward(x: Tensor): Tensor {
    const weights = this.query.forward(x).matmul(this.key.forward(x).transpose()).div(2).softmax();
    return this.norm.forward(weights.matmul(x).add(x)).maximum(-0.5).log1p().abs().sqrt();
  }
}

/** The same layer in two places, and a class that says itself which numbers are large. */
class Twice extends nn.Module {
  readonly layer = nn.linear(5, 5);

  override forward(x: Tensor): Tensor {
    const y = this.layer.forward(this.layer.forward(x).tanh());
    return y.gt(0).where(y.exp(), y.neg().pow(3)).minimum(2).add(y.argmax().toFloat().unsqueeze(1));
  }
}

/** A recurrent layer, whose first state is zeros for each sample. */
class Recurrent extends nn.Module {
  readonly fromInput = nn.linear(3, 4);
  readonly fromState = nn.linear(4, 4, { bias: false });

  override forward(x: Tensor): Tensor {
    let state = zeros([x.shape[0], 4]);
    for (let at = 0; at < x.shape[1]; at++) {
      const seen = x.slice(1, at, at + 1).squeeze(1);
      state = this.fromInput.forward(seen).add(this.fromState.forward(state)).tanh();
    }
    return state;
  }
}

interface NetworkCase {
  readonly make: () => nn.Module;
  readonly input: readonly number[];
}

const digits = [1, 28, 28];
const digit = { inputShape: digits, classes: 10, outputs: 10 };

/** Whole networks: those that the command line and the benchmark train, and some of your own. */
export const NETWORKS: Readonly<Record<string, NetworkCase>> = {
  ...Object.fromEntries(
    Object.entries(presets).map(([name, make]) => [name, { input: digits, make: () => make(digit) as nn.Module }]),
  ),
  "mlp on images": {
    input: [1, 8, 8],
    make: () => nn.sequential(nn.flatten(), nn.linear(64, 9), nn.sigmoid(), nn.dropout(), nn.linear(9, 3)),
  },
  "cnn with batch normalization": {
    input: [3, 8, 8],
    make: () =>
      // biome-ignore format: one stage a line
      nn.sequential(
        nn.conv2d(3, 8, 3, { padding: 1 }), nn.batchNorm2d(8), nn.relu(), nn.maxPool2d(2),
        nn.conv2d(8, 8, 3, { padding: 1, groups: 2, bias: false }), nn.batchNorm2d(8), nn.leakyRelu(),
        nn.globalAvgPool2d(), nn.flatten(), nn.linear(8, 4), nn.logSoftmax(),
      ),
  },
  maxout: {
    input: [20],
    make: () => nn.sequential(nn.maxout(20, 6, 5), nn.dropout(), nn.maxout(6, 4, 5), nn.linear(4, 3)),
  },
  residual: {
    input: [4, 6, 6],
    make: () =>
      nn.sequential(
        new Residual(nn.conv2d(4, 4, 3, { padding: 1 }), nn.batchNorm2d(4), nn.relu()),
        new Residual(nn.conv2d(4, 4, 1)),
        nn.flatten(),
        nn.linear(144, 3),
      ),
  },
  branches: { input: [3, 6, 8], make: () => new Branches() },
  attention: { input: [5, 6], make: () => new Attention() },
  recurrent: { input: [3, 3], make: () => new Recurrent() },
  twice: { input: [5], make: () => new Twice() },
};

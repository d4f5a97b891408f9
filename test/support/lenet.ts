// LeNet for digits, as `--model lenet` makes it, but for its dropout.
import type { nn } from "tidu";
import { presets } from "../../packages/cli/src/cli/models/presets.js";

export const lenet = async (): Promise<nn.Module> =>
  presets.lenet({ inputShape: [1, 28, 28], outputs: 10, classes: 10, dropout: 0 });

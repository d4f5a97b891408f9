// Weights from a file of your own: said before they are taken whether they are those of this network.
import { deserialize, type nn } from "tidu";
import { Troubled } from "./trouble.js";

/** Gives the network the weights of a safetensors file. Throws Troubled if they are not this network's. */
export function loadWeights(net: nn.Module, bytes: Uint8Array, file: string): void {
  const found = shapesIn(bytes, file);
  for (const [name, variable] of net.state()) {
    if (found.get(name)?.join() !== variable.shape.join())
      throw new Troubled({ code: "otherNetwork", file, tensor: name });
    found.delete(name);
  }
  for (const tensor of found.keys()) throw new Troubled({ code: "otherNetwork", file, tensor });
  try {
    deserialize(net, bytes, file);
  } catch {
    throw new Troubled({ code: "notSafetensors", file });
  }
}

/** Names and shapes of the tensors of a file; its header is JSON after 8 bytes that give its length. */
function shapesIn(bytes: Uint8Array, file: string): Map<string, readonly number[]> {
  try {
    const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
    const header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(8, 8 + length)));
    const { __metadata__, ...tensors } = header as Record<string, { shape: readonly number[] }>;
    return new Map(Object.entries(tensors).map(([name, { shape }]) => [name, [...shape]]));
  } catch {
    throw new Troubled({ code: "notSafetensors", file });
  }
}

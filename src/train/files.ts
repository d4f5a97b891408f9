import { FormatError, ShapeError } from "../base/errors.js";
import { formatShape, sameShape } from "../base/shape.js";
import { readFile, writeFileAtomic } from "../io/files.js";
import { decodeSafetensors, encodeSafetensors, type TensorData } from "../io/safetensors.js";
import type { Module } from "../nn/module.js";
import { tensor } from "../tensor/tensor.js";

/** A network's state as the bytes of a safetensors file, under PyTorch's names. */
export async function serialize(net: Module): Promise<Uint8Array> {
  const tensors: Record<string, TensorData> = {};
  for (const [name, v] of net.state()) {
    tensors[name] = { dtype: "f32", shape: [...v.shape], data: (await v.data()) as Float32Array };
  }
  return encodeSafetensors(tensors, { format: "pt" });
}

/** Writes a network's parameters and buffers to a safetensors file, whole or not at all. */
export async function save(net: Module, path: string): Promise<void> {
  await writeFileAtomic(path, await serialize(net));
}

/**
 * Gives a network the values of a safetensors file, such as PyTorch writes.
 *
 * @throws FormatError if the file is damaged, or lacks a value of the network's or has one too many;
 *   ShapeError if a value has another shape. The network is then unchanged.
 */
export async function load<M extends Module>(net: M, path: string): Promise<M> {
  return deserialize(net, await readFile(path), path);
}

/** The same from bytes; `file` names them in errors. */
export function deserialize<M extends Module>(net: M, bytes: Uint8Array, file: string): M {
  const { tensors } = decodeSafetensors(bytes, file);
  const state = net.state();
  const missing = [...state.keys()].filter((name) => !tensors.has(name));
  const extra = [...tensors.keys()].filter((name) => !state.has(name));
  if (missing.length > 0 || extra.length > 0) {
    throw new FormatError(
      file,
      8,
      `it is not a file of this network: ${[missing.length > 0 ? `it lacks ${missing.join(", ")}` : "", extra.length > 0 ? `it has ${extra.join(", ")}, which the network lacks` : ""].filter(Boolean).join("; ")}`,
    );
  }
  for (const [name, v] of state) {
    const { shape } = tensors.get(name) as TensorData;
    if (!sameShape(shape, v.shape)) {
      throw new ShapeError(`${file}: ${name} is ${formatShape(shape)}, the network's ${formatShape(v.shape)}; make the layers equal`);
    }
  }
  for (const [name, v] of state) {
    const { data, shape } = tensors.get(name) as TensorData;
    const values = data instanceof Float32Array ? data : Float32Array.from(data as Float64Array, Number);
    v.assign(tensor(values, shape));
  }
  return net;
}

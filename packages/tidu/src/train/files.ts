import { BYTES, check, text } from "../base/check.js";
import { floatOf, isFloat, storeAs } from "../base/dtype.js";
import { ArgumentError, FormatError, ShapeError } from "../base/errors.js";
import { formatShape, sameShape } from "../base/shape.js";
import { writeFileAtomic } from "../io/files.js";
import { decodeSafetensors, encodeSafetensors, type TensorData } from "../io/safetensors.js";
import { LENGTH_BYTES } from "../io/safetensors-header.js";
import { forFile } from "../io/tensor-data.js";
import { checkNet, type Module } from "../nn/module.js";
import { type Tensor, tensor } from "../tensor/tensor.js";
import type { Variable } from "../tensor/variable.js";

/**
 * A network's state as the bytes of a safetensors file, under PyTorch's names, each value in the type in which it is stored.
 *
 * @throws ArgumentError if it has none.
 *
 * @example
 * ```ts
 * import { nn, serialize } from "tidu";
 *
 * console.log((await serialize(nn.linear(2, 1))).length > 0); // true
 * ```
 */
export async function serialize(net: Module): Promise<Uint8Array> {
  checkNet("serialize", net);
  checkState("save", net);
  // All values are asked for before the first wait, during which the network may change.
  const tensors = [...net.state()].map(async ([name, v]): Promise<[string, TensorData]> => {
    return [name, forFile(v.dtype, [...v.shape], await v.data())];
  });
  return encodeSafetensors(Object.fromEntries(await Promise.all(tensors)), { format: "pt" });
}

/** Throws ArgumentError for a network without parameters and buffers. */
function checkState(what: string, net: Module): void {
  if (net.state().size > 0) return;
  throw new ArgumentError(
    `${what}: ${net} has no parameters or buffers; hold its layers in fields that are not private, or in lists, maps or records in them`,
  );
}

/**
 * Writes a network's parameters and buffers to a safetensors file, whole or not at all; ArgumentError if it has none.
 *
 * @example
 * ```ts
 * import { load, nn, save } from "tidu";
 *
 * const net = nn.linear(2, 1);
 * await save(net, "net.safetensors");
 * await load(net, "net.safetensors");
 * console.log(net.weight.shape); // [1, 2]
 * ```
 */
export async function save(net: Module, path: string): Promise<void> {
  checkNet("save", net);
  check("save", "path", path, text);
  await writeFileAtomic(path, await serialize(net));
}

/**
 * Loads values from the bytes of a safetensors file into a network, each in the network's type; `file` names them in
 * errors, by default "the bytes".
 *
 * @throws FormatError if the file is damaged, lacks a value of the network, has an extra one, or a whole number that the
 *   network's type cannot hold; ShapeError if a value has another shape. The network is then unchanged.
 *
 * @example
 * ```ts
 * import { deserialize, nn, serialize } from "tidu";
 *
 * const [from, to] = [nn.linear(2, 1), nn.linear(2, 1)];
 * deserialize(to, await serialize(from));
 * console.log((await from.weight.sub(to.weight).abs().max().item()) === 0); // true
 * ```
 */
export function deserialize<M extends Module>(net: M, bytes: Uint8Array, file = "the bytes"): M {
  checkNet("deserialize", net);
  check("deserialize", "bytes", bytes, BYTES);
  check("deserialize", "file", file, text);
  const { tensors } = decodeSafetensors(bytes, file);
  checkNames(file, [...net.state().keys()], new Set(tensors.keys()));
  return assignAll(net, tensors, file);
}

/** Throws FormatError unless a file has exactly the names that a network needs; `mend` says what to do. */
export function checkNames(file: string, wanted: readonly string[], found: ReadonlySet<string>, mend = ""): void {
  const missing = wanted.filter((name) => !found.has(name));
  const extra = [...found].filter((name) => !wanted.includes(name));
  const problems = [
    ...(missing.length > 0 ? [`it lacks ${missing.join(", ")}`] : []),
    ...(extra.length > 0 ? [`it has ${extra.join(", ")}, which the network lacks`] : []),
  ];
  if (problems.length === 0) return;
  throw new FormatError(file, LENGTH_BYTES, `it is not a file of this network: ${problems.join(", and ")}${mend}`);
}

/** Gives values to a network, all or none. */
export function assignAll<M extends Module>(net: M, stored: ReadonlyMap<string, TensorData>, file: string): M {
  const state = net.state();
  const values = [...stored].map(([name, data]) => {
    const variable = state.get(name) as Variable;
    return [variable, valueFor(variable, data, file, name)] as const;
  });
  for (const [variable, value] of values) variable.assign(value);
  return net;
}

/** A stored tensor as a new value of the variable. */
function valueFor(variable: Variable, stored: TensorData, file: string, name: string): Tensor {
  const { shape, data, dtype } = stored;
  if (!sameShape(shape, variable.shape)) {
    throw new ShapeError(
      `${file}: ${name} is ${formatShape(shape)}, the network's ${formatShape(variable.shape)}; make the layers equal`,
    );
  }
  if (data instanceof Float32Array || !isFloat(variable.dtype)) return tensor(data, shape, variable.dtype);
  // Doubles are rounded; whole numbers, such as counters, must be kept exactly.
  const type = floatOf(variable.dtype);
  const values = storeAs(file, name, Float64Array.from<number | bigint>(data, Number), type);
  const lost = dtype === "f64" ? -1 : values.findIndex((v, i) => !isSame(v, data[i]));
  if (lost < 0) return tensor(values, shape, variable.dtype);
  throw new FormatError(file, LENGTH_BYTES, `${name} is ${dtype} and holds ${data[lost]}, which ${type} cannot hold`);
}

/** Whether a float holds a whole number, which may have more digits than doubles have. */
const isSame = (float: number, whole: number | bigint): boolean =>
  typeof whole === "bigint" ? Number.isFinite(float) && BigInt(float) === whole : float === whole;

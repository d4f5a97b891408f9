// Runs models in ONNX Runtime.
import * as ort from "onnxruntime-web/wasm";
import type { Tensor } from "../../../packages/tidu/src/tensor/tensor.js";

ort.env.wasm.numThreads = 1;
ort.env.logLevel = "error";

/** A result of ONNX Runtime. */
export interface Result {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Opens a model in ONNX Runtime, which refuses files that are not valid ONNX. */
export const open = (model: Uint8Array): Promise<ort.InferenceSession> =>
  ort.InferenceSession.create(model, { logSeverityLevel: 3 });

/** Runs a model that has one input and one output. */
export async function run(session: ort.InferenceSession, x: Tensor): Promise<Result> {
  const data = await x.data();
  const dtype = data instanceof Float32Array ? "float32" : "int32";
  const feeds = { [session.inputNames[0]]: new ort.Tensor(dtype, data as Float32Array, [...x.shape]) };
  const output = (await session.run(feeds))[session.outputNames[0]];
  return { shape: output.dims, data: Float32Array.from<number | bigint>(output.data as Float32Array, Number) };
}

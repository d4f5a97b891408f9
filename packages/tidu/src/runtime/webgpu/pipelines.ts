// Shaders that the driver compiled, by their text; each under an error scope.
import { DeviceError } from "../../base/errors.js";
import { readOut } from "../../codegen/readers.js";
import type { GpuDevice, GpuPipeline } from "./gpu.js";

/** The most that are kept; the least recently used one is evicted. */
const MOST = 2048;

export class Pipelines {
  readonly #known = new Map<string, Promise<GpuPipeline>>();
  #compiled = 0;

  constructor(readonly device: GpuDevice) {}

  get compiled(): number {
    return this.#compiled;
  }

  /** @param label the name in the driver's messages. */
  get(text: string, label: string): Promise<GpuPipeline> {
    const pipeline = this.#known.get(text) ?? this.#compile(text, label);
    this.#known.delete(text);
    this.#known.set(text, pipeline);
    // A shader that was refused, perhaps for lack of memory, is compiled again on the next request.
    pipeline.catch(() => this.#known.get(text) === pipeline && this.#known.delete(text));
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST) this.#known.delete(oldest);
    return pipeline;
  }

  async #compile(code: string, label: string): Promise<GpuPipeline> {
    this.#compiled++;
    readOut(`// ${label}\n${code}`);
    const { device } = this;
    device.pushErrorScope("validation");
    const module = device.createShaderModule({ code, label });
    const scope = device.popErrorScope();
    let failure: string | undefined;
    const pipeline = await device
      .createComputePipelineAsync({ label, layout: "auto", compute: { module, entryPoint: "main" } })
      .catch((error: Error) => {
        failure = error.message;
        return undefined;
      });
    failure = (await scope.catch((error: Error) => error))?.message ?? failure;
    if (pipeline === undefined || failure !== undefined)
      throw new DeviceError(`webgpu: the driver refuses the shader of ${label}: ${failure}`);
    return pipeline;
  }
}

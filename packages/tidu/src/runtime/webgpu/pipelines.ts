// Shaders that the driver has compiled, by their text; each under the eye of an error scope.
import { DeviceError } from "../../base/errors.js";
import { readOut } from "../../codegen/readers.js";
import type { GpuDevice, GpuPipeline } from "./gpu.js";

/** So many are known at a time; the one that was asked for longest ago gives way. */
const MOST = 2048;

export class Pipelines {
  readonly #known = new Map<string, Promise<GpuPipeline>>();
  #compiled = 0;

  constructor(readonly device: GpuDevice) {}

  get compiled(): number {
    return this.#compiled;
  }

  /** @param label what the driver's message is to name. */
  get(text: string, label: string): Promise<GpuPipeline> {
    const pipeline = this.#known.get(text) ?? this.#compile(text, label);
    this.#known.delete(text);
    this.#known.set(text, pipeline);
    // What is refused once, for want of memory perhaps, is tried again when it is asked for again.
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

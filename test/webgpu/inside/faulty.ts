// A card whose driver fails when it is told to, as drivers do: by what its error scopes say.
import type { Gpu, GpuAdapter, GpuBuffer, GpuDevice } from "../../../packages/tidu/src/runtime/webgpu/gpu.js";

/** What fails from now on; each is switched off by the test. */
export interface Faults {
  /** No buffer of so many bytes or more is given. */
  memory?: number;
  /** Every shader is refused with this message. */
  shader?: string;
  /** Every submission is refused. */
  submission?: boolean;
  /** Buffers that were asked for in vain. */
  refused: number;
}

async function realAdapter(): Promise<GpuAdapter> {
  const { navigator } = globalThis as { navigator?: { gpu?: Gpu } };
  const name = "webgpu";
  const gpu = navigator?.gpu ?? ((await import(name)) as { create(flags: string[]): Gpu }).create([]);
  kept.push(gpu);
  return (await gpu.requestAdapter()) as GpuAdapter;
}
/** Node's WebGPU ends when nobody refers to it. */
const kept: Gpu[] = [];

/** The object itself, but for some of its members. */
const but = <T extends object>(target: T, members: Partial<T>): T =>
  new Proxy(target, {
    get(_, name) {
      if (name in members) return members[name as keyof T];
      const value = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });

export async function faultyAdapter(faults: Faults): Promise<GpuAdapter> {
  const adapter = await realAdapter();
  return but(adapter, { requestDevice: async (descriptor) => faulty(await adapter.requestDevice(descriptor), faults) });
}

function faulty(device: GpuDevice, faults: Faults): GpuDevice {
  const scopes: { filter: string; message?: string }[] = [];
  const fail = (filter: string, message: string): void => {
    const scope = scopes.findLast((s) => s.filter === filter);
    if (scope !== undefined) scope.message ??= message;
  };
  return but(device, {
    pushErrorScope(filter) {
      scopes.push({ filter });
      device.pushErrorScope(filter);
    },
    async popErrorScope() {
      const scope = scopes.pop();
      const real = await device.popErrorScope();
      return scope?.message === undefined ? real : { message: scope.message };
    },
    createBuffer(descriptor): GpuBuffer {
      const buffer = device.createBuffer(descriptor);
      if (descriptor.size >= (faults.memory ?? Number.POSITIVE_INFINITY)) {
        faults.refused++;
        fail("out-of-memory", "out of memory");
        // To use such a buffer is an error.
        buffer.destroy();
      }
      return buffer;
    },
    createShaderModule(descriptor) {
      if (faults.shader !== undefined) fail("validation", faults.shader);
      return device.createShaderModule(descriptor);
    },
    queue: but(device.queue, {
      submit(commands) {
        if (faults.submission !== true) return device.queue.submit(commands);
        fail("validation", "the commands are not valid");
      },
    }),
  });
}

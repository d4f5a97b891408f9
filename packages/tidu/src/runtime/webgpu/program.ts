// A compiled program on the card: its shaders, and the commands of one step.
import { byteSize } from "../../base/dtype.js";
import type { Dispatch } from "../../codegen/wgsl/dispatch.js";
import { type Buffer, extent } from "../../compile/kernel.js";
import { bytesOf } from "../../compile/memory.js";
import type { GpuBinding, GpuDevice, GpuPass, GpuPipeline } from "./gpu.js";
import type { Place } from "./memory.js";

/** Bind groups that one dispatch keeps for storages that change from step to step. */
const MOST_GROUPS = 16;

/** Where a dispatch finds a buffer: a piece of the arena, or a storage by its number. */
type Where = { readonly offset: number; readonly size: number } | { readonly storage: number };

/** A dispatch whose shader is compiled, and whose buffers are numbered. */
export interface Launch {
  readonly dispatch: Dispatch;
  readonly pipeline: GpuPipeline;
  readonly where: readonly Where[];
}

export function placesOf(dispatch: Dispatch, storageOf: (buffer: Buffer) => number, alignment: number): Where[] {
  return dispatch.bindings.map(({ buffer, arena }) => {
    if (arena !== undefined) return { offset: arena.start, size: arena.bytes };
    if (buffer.storage !== undefined) return { storage: storageOf(buffer) };
    return { offset: buffer.offset as number, size: bytesOf(buffer, alignment) };
  });
}

/** The commands of one step, for a fixed set of storages and others that vary. */
export class Commands {
  /** Bind groups by launch and by the places of varying storages. */
  readonly #groups: Map<string, object>[];
  #arena: Place | undefined;

  constructor(
    readonly device: GpuDevice,
    readonly launches: readonly Launch[],
  ) {
    this.#groups = launches.map(() => new Map());
  }

  /** Bytes that the launches' storages and pieces of the arena have together: what a step moves, roughly. */
  get bytes(): number {
    const size = (b: Buffer): number => extent(b) * byteSize(b.dtype);
    return this.launches.reduce((n, { dispatch }) => n + dispatch.touched.reduce((m, b) => m + size(b), 0), 0);
  }

  encode(pass: GpuPass, arena: Place | undefined, storages: readonly Place[]): void {
    if (arena !== this.#arena) for (const groups of this.#groups) groups.clear();
    this.#arena = arena;
    this.launches.forEach((launch, i) => void this.encodeOne(pass, launch, i, storages));
  }

  /** Encodes one launch, to measure it by itself; `encode` must have run before. */
  encodeOne(pass: GpuPass, launch: Launch, i: number, storages: readonly Place[]): void {
    const { dispatch, pipeline, where } = launch;
    let key = "";
    for (const w of where) if ("storage" in w) key += `${storages[w.storage].id},`;
    let group = this.#groups[i].get(key);
    if (group === undefined) {
      if (this.#groups[i].size >= MOST_GROUPS) this.#groups[i].clear();
      this.#groups[i].set(key, (group = this.#bind(launch, storages)));
    }
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(dispatch.groups[0], dispatch.groups[1]);
  }

  #bind({ pipeline, where }: Launch, storages: readonly Place[]): object {
    const entries = where.map((w, binding): GpuBinding => {
      if ("storage" in w) return { binding, resource: { buffer: storages[w.storage].buffer } };
      return { binding, resource: { buffer: (this.#arena as Place).buffer, offset: w.offset, size: w.size } };
    });
    return this.device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
  }
}

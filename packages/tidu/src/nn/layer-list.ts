// Networks that hold a list of layers.
import { tracing } from "../tensor/trace.js";
import { Module } from "./module.js";

/** A module of layers whose names are their positions in a list, as in PyTorch. */
export abstract class LayerList extends Module {
  protected abstract get list(): readonly Module[];

  override children(): [string, Module][] {
    return this.list.map((layer, i) => {
      tracing()?.found(this.list, i, layer);
      return [String(i), layer];
    });
  }

  protected override put(name: string, layer: Module): void {
    (this.list as Module[])[Number(name)] = layer;
  }
}

// Computes what the page looks at: curves, outputs of units, and pictures.
import { type Inspected, inspect } from "./inspect.js";
import { lookAtBatch } from "./look.js";
import type { BatchLook, Frame, LayerFrame, Pictures } from "./protocol.js";
import type { Session } from "./session.js";
import { isPicture } from "./settings.js";
import { channelsOf, GRID, inputsOf, lookAtOne, lookAtPlane, type OneView, SIDE, weightsOf } from "./views.js";

/** What a page looks at. */
export interface Gaze {
  /** What is on the paper. */
  readonly pixels?: Float32Array;
  /** A place of the plane. */
  readonly place: readonly [x: number, y: number];
  readonly unit?: Inspected;
}

/** Looks at a training for the page. */
export class Observer {
  readonly #session: Session;
  /** What the last update's batch does in each layer now. */
  readonly batch: () => Promise<readonly BatchLook[]>;
  readonly #plane;
  readonly #one;
  readonly #inputs: Pictures | undefined;

  constructor(session: Session) {
    this.#session = session;
    const { now, data, layers, generator } = session;
    this.batch = lookAtBatch({ settings: now, data, layers, generator, samples: () => session.lastSamples });
    this.#plane = data.plane && lookAtPlane(session, data.plane);
    this.#inputs = data.plane && inputsOf(data.plane);
    this.#one = lookAtOne(session);
  }

  async frame({ pixels, place, unit }: Gaze): Promise<Frame> {
    const { layers: modules, now } = this.#session;
    const view = await this.#plane?.();
    const one = await this.#lookAtOne(pixels, place, unit !== undefined);
    const layers: LayerFrame[] = [];
    for (const [i, layer] of modules.entries()) {
      const responses = view === undefined ? one && channelsOf(one.samples[i + 1]) : view.responses[i];
      layers.push({ responses, ...(await weightsOf(layer, now.layers[i])) });
    }
    const inspection = unit && one && (await this.#inspect(unit, one));
    if (view === undefined) {
      const inputs = pixels && { width: SIDE, height: SIDE, count: 1, all: 1, values: pixels.map((v) => v / 255) };
      return { layers, inputs, shares: one && [...one.last], inspection };
    }
    return {
      layers,
      inputs: this.#inputs,
      boundary: boundaryOf(view.last, this.#session.data.classes === undefined),
      inspection,
    };
  }

  #lookAtOne(pixels: Float32Array | undefined, place: Gaze["place"], wanted: boolean): Promise<OneView> | undefined {
    if (isPicture(this.#session.settings.data)) return pixels && this.#one(pixels);
    const { plane } = this.#session.data;
    return wanted && plane !== undefined ? this.#one(plane(Float32Array.from(place)).values) : undefined;
  }

  async #inspect(unit: Inspected, { samples }: OneView) {
    const { layers, now } = this.#session;
    const layer = layers[unit.layer];
    if (layer === undefined) return undefined;
    return inspect(unit, now.layers[unit.layer], layer, samples[unit.layer], samples[unit.layer + 1]);
  }
}

/** What softmax takes for 0 has a logarithm too. */
const LEAST = 1e-38;

/**
 * Of [places, outputs]: numbers as they are; of two classes the logarithm of how many times as likely the second is, of more
 * classes that of each one's probability. Probabilities are flat where a network is sure, so lines between places would not
 * lie where they should; logarithms are even.
 */
export function boundaryOf(last: Float32Array, isNumber: boolean): Pictures {
  const [cells, outputs] = [GRID * GRID, last.length / GRID / GRID];
  const count = outputs === 2 ? 1 : outputs;
  const log = (i: number): number => Math.log(Math.max(LEAST, last[i]));
  const values = Float32Array.from({ length: count * cells }, (_, i) => {
    const at = (i % cells) * outputs + Math.floor(i / cells);
    if (isNumber) return last[at];
    return outputs === 2 ? log(at + 1) - log(at) : log(at);
  });
  return { width: GRID, height: GRID, count, values };
}

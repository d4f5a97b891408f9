import { lookAtBatch } from "./look.js";
import type { Frame, LayerFrame } from "./protocol.js";
import type { Session } from "./session.js";
import { GRID, lookAtPicture, lookAtPlane, weightsOf } from "./views.js";

/** Makes the frames that a page shows of a training. */
export class Observer {
  readonly #session: Session;
  readonly #batch;
  readonly #plane;
  readonly #picture;
  readonly #points: Promise<Float32Array> | undefined;

  constructor(session: Session) {
    this.#session = session;
    const { settings, data, layers, generator } = session;
    this.#batch = lookAtBatch({ settings, data, layers, generator, samples: () => session.lastSamples });
    const digits = settings.data === "digits";
    this.#plane = digits ? undefined : lookAtPlane(session);
    this.#picture = digits ? lookAtPicture(session) : undefined;
    this.#points = digits ? undefined : this.#findPoints();
  }

  /** @param pixels what is on the paper, if there is one. */
  async frame(pixels: Float32Array | undefined): Promise<Frame> {
    const batch = await this.#batch();
    const view = await (this.#plane?.() ?? (pixels && this.#picture?.(pixels)));
    const layers: LayerFrame[] = [];
    for (const [i, layer] of this.#session.layers.entries()) {
      const weights = await weightsOf(layer, this.#session.settings.layers[i].kind);
      layers.push({ ...batch[i], responses: view?.responses[i], ...weights });
    }
    if (this.#plane === undefined) return { layers, shares: view && [...view.shares] };
    return { layers, points: await this.#points, boundary: view && boundaryOf(view.shares) };
  }

  async #findPoints(): Promise<Float32Array> {
    const { inputs, targets } = this.#session.data.train;
    const [places, labels] = [await inputs.data(), await targets.data()];
    return Float32Array.from({ length: 3 * labels.length }, (_, i) =>
      i % 3 === 2 ? labels[(i - 2) / 3] : places[2 * Math.floor(i / 3) + (i % 3)],
    );
  }
}

/** Shares [places, 2]: those of class 1. */
const boundaryOf = (shares: Float32Array) => ({
  width: GRID,
  height: GRID,
  count: 1,
  values: Float32Array.from({ length: GRID * GRID }, (_, i) => shares[2 * i + 1]),
});

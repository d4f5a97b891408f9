// The device of a training: the processor, or a graphics card where one is requested or faster.
import { device, setDevice, type WasmDevice } from "tidu";

/** What a training runs on, as pages show it. */
export type On =
  | { readonly kind: "wasm"; readonly threads: number }
  /** `software`: the adapter computes on the processor. */
  | { readonly kind: "webgpu"; readonly name: string; readonly software: boolean };

/** A device and what is known of it. */
export interface Place {
  readonly on: On;
  readonly device: NonNullable<Parameters<typeof setDevice>[0]>;
  /** Whether it is lost: what it held is gone. */
  readonly gone: boolean;
  /** Resolves once it is lost. */
  readonly lost?: Promise<unknown>;
}

/** How a graphics card is found. */
export interface Cards {
  /** Whether there may be one, which is quickly told. */
  offered(): Promise<boolean>;
  /** Throws DeviceError with the reason where there is none. */
  open(): Promise<Place>;
}

/** Milliseconds within which a card that fails because it is lost says so. */
const LOSS = 300;

export class Devices {
  readonly processor: Place;
  #card: Promise<Place> | undefined;
  #offered: Promise<boolean> | undefined;

  constructor(
    wasm: WasmDevice,
    readonly cards: Cards = CARDS,
  ) {
    this.processor = { on: { kind: "wasm", threads: wasm.threads }, device: wasm, gone: false };
  }

  /** Whether there may be a card. */
  offered(): Promise<boolean> {
    this.#offered ??= this.cards.offered();
    return this.#offered;
  }

  /** The card, the same one for all trainings, and another once that is lost. Throws DeviceError with the reason. */
  async card(): Promise<Place> {
    if (this.#card !== undefined && (await this.#card).gone) this.#card = undefined;
    this.#card ??= this.cards.open();
    this.#card.catch(() => (this.#card = undefined));
    return this.#card;
  }

  /** What is computed from now on is computed there. */
  use(place: Place): void {
    if (device() !== place.device) setDevice(place.device);
  }

  /** Whether something failed because the card is lost, which may be told a little later. */
  async isLost(place: Place): Promise<boolean> {
    await Promise.race([place.lost, new Promise((done) => setTimeout(done, LOSS))]);
    return place.gone;
  }
}

/** Cards as browsers have them. Their part of the engine is loaded when one is opened. */
const CARDS: Cards = {
  async offered() {
    const { gpu } = navigator as { gpu?: { requestAdapter(): Promise<object | null> } };
    const adapter = await gpu?.requestAdapter().catch(() => null);
    return adapter !== undefined && adapter !== null;
  },
  async open() {
    const { WebGpuDevice } = await import("tidu/webgpu");
    const real = await WebGpuDevice.create().catch(() => undefined);
    // Drivers that compute on the processor take seconds for a tiled shader.
    return placeOf(real ?? (await WebGpuDevice.create({ software: true, tiles: [] })), real === undefined);
  },
};

/** The place that a card is. */
export function placeOf(
  card: Place["device"] & { readonly description: string; readonly lost: Promise<unknown> },
  software: boolean,
): Place {
  const place = { on: { kind: "webgpu", name: card.description, software }, device: card, gone: false } as const;
  const lost = card.lost.then(() => void Object.assign(place, { gone: true }));
  return Object.assign(place, { lost });
}

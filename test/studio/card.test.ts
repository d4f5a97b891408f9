// What a training runs on: the choice, what is measured for it, and what happens when a card fails. The card of these
// tests is a device of the processor under another name.
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import type { Storage } from "../../packages/tidu/src/graph/node.js";
import { DeviceError, device, setDevice, WasmDevice } from "../../packages/tidu/src/index.js";
import type { Realizer } from "../../packages/tidu/src/tensor/realizer.js";
import { fastest, LEAST_STEP, stepTime } from "../../studio/src/engine/begin.js";
import { codeOf } from "../../studio/src/engine/code.js";
import { type Cards, Devices, type Place, placeOf } from "../../studio/src/engine/devices.js";
import { Player } from "../../studio/src/engine/player.js";
import type { Reply, Told } from "../../studio/src/engine/protocol.js";
import { type Settings, startFor } from "../../studio/src/engine/settings.js";

const own = device();
afterAll(() => setDevice(own));

const wasm = new WasmDevice({ portable: true, threads: 1 });

/** A card that may be lost, or refuse. */
class Card implements Realizer {
  readonly name = "card";
  readonly description = "a card";
  readonly #inner = new WasmDevice({ portable: true, threads: 1 });
  readonly lost = new Promise<void>((done) => {
    this.lose = done;
  });
  lose!: () => void;
  failure: Error | undefined;

  prepare(...given: Parameters<Realizer["prepare"]>) {
    const { arenaBytes, run } = this.#inner.prepare(...given);
    return {
      arenaBytes,
      run: (actual?: readonly Storage[]) => (this.failure === undefined ? run(actual) : Promise.reject(this.failure)),
    };
  }

  read = (storage: Storage) => this.#inner.read(storage);
  write = (storage: Storage, data: Parameters<Realizer["write"]>[1]) => this.#inner.write(storage, data);
}

let cards: Card[];
let opened: Place[];
let offered: boolean;
let software: boolean;
let none: Error | undefined;
const CARDS: Cards = {
  offered: async () => offered,
  async open() {
    if (none !== undefined) throw none;
    cards.push(new Card());
    opened.push(placeOf(cards[cards.length - 1], software));
    return opened[opened.length - 1];
  },
};
beforeEach(() => {
  [cards, opened, offered, software, none] = [[], [], true, false, undefined];
});

const beginning = (settings: Settings) => ({ run: 1, settings, changes: [] });

/** A player that has begun a training, and what it tells. */
async function playerOf(settings: Settings, find?: typeof fastest) {
  const told: Told[] = [];
  const player = new Player((reply: Reply) => void told.push(reply), new Devices(wasm, CARDS), find);
  const handle = (request: Parameters<Player["handle"]>[0]) => player.handle(request).catch((e) => player.fail(e));
  const steps = async (count: number) => {
    for (let i = 0; i < count; i++) {
      await handle({ type: "step" });
      await player.work().catch((error) => player.fail(error));
    }
  };
  const all = <T extends Told["type"]>(type: T) => told.filter((t): t is Told & { type: T } => t.type === type);
  await handle({ type: "configure", ...beginning(settings) });
  return { player, told, handle, steps, all, losses: () => all("progress").flatMap(({ losses }) => losses) };
}

const small: Settings = { ...startFor("circle"), batch: 100, optimizer: "adam" };

describe("the device of a training", () => {
  test("is the processor where there is no card, where steps are short, and where a card computes on it", async () => {
    const devices = () => new Devices(wasm, CARDS);
    const kindOf = async (time: typeof stepTime) => (await fastest(beginning(small), devices(), time)).place.on.kind;
    offered = false;
    expect(await kindOf(async () => 50)).toBe("wasm");
    offered = true;
    expect(await kindOf(async () => LEAST_STEP - 0.1)).toBe("wasm");
    expect(cards).toHaveLength(0);
    software = true;
    expect(await kindOf(async (_, __, { on }) => (on.kind === "wasm" ? 50 : 1))).toBe("wasm");
  });

  test("is what takes less time for a step, which is measured", async () => {
    for (const [card, kind] of [
      [60, "wasm"],
      [10, "webgpu"],
    ] as const) {
      const found = await fastest(beginning(small), new Devices(wasm, CARDS), async (_, __, { on }) =>
        on.kind === "wasm" ? 50 : card,
      );
      expect(found).toMatchObject({ place: { on: { kind } }, measured: { wasm: 50, webgpu: card } });
    }
    const devices = new Devices(wasm, CARDS);
    expect(await stepTime(beginning(small), devices, devices.processor)).toBeGreaterThan(0);
  });

  test("is found when a training is first played, and told", async () => {
    const measured = { wasm: 50, webgpu: 10 };
    const find: typeof fastest = async (_, devices) => ({ place: await devices.card(), measured });
    const { all, steps, losses } = await playerOf(small, find);
    await steps(2);
    expect(all("device")).toMatchObject([{ on: { kind: "wasm" } }, { on: { kind: "webgpu" }, measured }]);
    expect(losses()).toHaveLength(2);
    const chosen = await playerOf({ ...small, device: "wasm" }, find);
    await chosen.steps(1);
    expect(chosen.all("device")).toMatchObject([{ on: { kind: "wasm" } }]);
  });

  test("that is asked for is that of the exported program", () => {
    expect(codeOf({ ...small, device: "webgpu" }, [], 1)).toContain("setDevice(await WebGpuDevice.create());");
    expect(codeOf(small, [], 1)).not.toContain("webgpu");
  });

  test("that is asked for and missing is told with the reason, and training goes on on the processor", async () => {
    none = new DeviceError("WebGPU: there is no adapter");
    const { all, steps, losses } = await playerOf({ ...small, device: "webgpu" });
    expect(all("failure").map(({ trouble }) => trouble)).toEqual([{ code: "noCard", message: none.message }]);
    await steps(2);
    expect(losses()).toHaveLength(2);
  });
});

describe("a card that fails", () => {
  /** Losses of steps that nothing disturbs. */
  const plain = async (count: number): Promise<number[]> => {
    const { steps, losses } = await playerOf({ ...small, device: "wasm" });
    await steps(count);
    return losses().map(({ loss }) => loss);
  };

  test.each([
    ["by another card where it is lost", true, false, "webgpu"],
    ["by the processor where it is lost and there is no other", true, true, "wasm"],
    ["by the processor where it refuses", false, false, "wasm"],
  ])("is replaced %s; training goes on from the last epoch, with the same bits", async (_, lost, last, on) => {
    const { all, steps, losses } = await playerOf({ ...small, device: "webgpu" });
    expect(all("device")[0].on).toEqual({ kind: "webgpu", name: "a card", software: false });
    // An epoch has two steps.
    await steps(5);
    cards[0].failure = new DeviceError("webgpu: the card was lost");
    if (lost) cards[0].lose();
    if (last) none = new DeviceError("WebGPU: there is no adapter");
    await steps(1);
    expect(all("moved")).toMatchObject([
      {
        on: { kind: on },
        position: { epoch: 2, step: 0 },
        trouble: { code: "cardFailed", message: "webgpu: the card was lost", back: 2, on },
      },
    ]);
    expect(all("failure")).toEqual([]);
    await steps(4);
    const seen = losses().map(({ loss }) => loss);
    const want = await plain(8);
    expect(seen).toEqual([...want.slice(0, 5), ...want.slice(4, 8)]);
  });

  test("takes the trainings along that were left on it", async () => {
    const { handle, all, steps } = await playerOf({ ...small, device: "webgpu" });
    await steps(4);
    await handle({ type: "configure", run: 2, settings: small, changes: [] });
    cards[0].failure = new DeviceError("webgpu: the card was lost");
    cards[0].lose();
    await opened[0].lost;
    await handle({ type: "return", ...beginning({ ...small, device: "webgpu" }) });
    expect(all("moved")).toMatchObject([{ on: { kind: "webgpu" }, position: { epoch: 2, step: 0 } }]);
    await steps(1);
    expect(all("failure")).toEqual([]);
  });
});

// How often the worker shows and tells what it does: never more than the page takes, and whole once it stands still.
import { afterAll, expect, test } from "vitest";
import { device, setDevice, WasmDevice } from "../../packages/tidu/src/index.js";
import { Devices } from "../../studio/src/engine/devices.js";
import { Player } from "../../studio/src/engine/player.js";
import type { Reply } from "../../studio/src/engine/protocol.js";
import { type Settings, startFor } from "../../studio/src/engine/settings.js";

const own = device();
afterAll(() => setDevice(own));

const settings: Settings = { ...startFor("circle"), device: "wasm" };

/** A player that has begun to learn points, and what it tells. */
async function playerOf() {
  const told: Reply[] = [];
  const player = new Player(
    (reply) => void told.push(reply),
    new Devices(new WasmDevice({ portable: true, threads: 1 })),
  );
  await player.handle({ type: "configure", run: 1, settings, changes: [] });
  const all = <T extends Reply["type"]>(type: T) => told.filter((t): t is Reply & { type: T } => t.type === type);
  const work = async (times: number) => {
    for (let i = 0; i < times && player.hasWork; i++) await player.work();
  };
  return { player, told, all, work };
}

test("two frames are made ahead of the page, and another for each that it has shown", async () => {
  const { player, all, work } = await playerOf();
  await player.handle({ type: "play" });
  const frames = async (count: number) => {
    while (all("frame").length < count) await work(1);
    await work(20);
    expect(all("frame")).toHaveLength(count);
  };
  await frames(2);
  await player.handle({ type: "shown" });
  await frames(3);
  // A page that is not looked at is not told of more and more either.
  expect(all("batch").length).toBeLessThanOrEqual(3);
  expect(all("progress").length).toBeLessThanOrEqual(3);
});

test("while it trains, curves and histograms are told in turn, so that no frame of the page has both", async () => {
  const { player, told, all, work } = await playerOf();
  await player.handle({ type: "play" });
  const first = told.length;
  let shown = 0;
  while (all("batch").length < 4 || all("progress").length < 4) {
    await work(1);
    for (; shown < all("frame").length; shown++) await player.handle({ type: "shown" });
  }
  const kinds = told.slice(first).map(({ type }) => type);
  const turns = kinds.filter((type) => type !== "frame" && type !== "running");
  for (const [i, type] of turns.slice(1).entries()) expect(type).not.toBe(turns[i]);
  expect(kinds.join()).not.toMatch(/batch,progress|progress,batch/);
});

test("what stands still is shown and told whole", async () => {
  const { player, told, all, work } = await playerOf();
  let shown = 0;
  /** The page shows each frame at once. */
  const go = async (times: number) => {
    for (let i = 0; i < times; i++) {
      await work(1);
      for (; shown < all("frame").length; shown++) await player.handle({ type: "shown" });
    }
  };
  await go(9);
  expect([shown, all("batch").length, player.hasWork]).toEqual([1, 1, false]);
  await player.handle({ type: "play" });
  await go(9);
  await player.handle({ type: "pause" });
  await go(9);
  expect(player.hasWork).toBe(false);
  const learned = all("progress").filter(({ losses }) => losses.length > 0);
  const { losses, position } = learned[learned.length - 1];
  expect(losses.at(-1)?.at).toBeCloseTo(position.epoch + position.step / all("network")[0].steps);
  // What is looked at last is what was told last: before the pause, if no step came after it, or after the pause.
  const last = (type: Reply["type"]) => told.findLastIndex((t) => t.type === type);
  expect(last("batch")).toBeGreaterThan(told.lastIndexOf(learned[learned.length - 1]));
  expect(last("frame")).toBeGreaterThan(last("batch"));
});

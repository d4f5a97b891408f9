import { describe, expect, test } from "vitest";
import { ArgumentError, nn } from "../../packages/tidu/src/index.js";
import { features, type Picture } from "../../packages/tidu/src/insight/index.js";
import { expectNumbers } from "../nn/support/close.js";
import { onEveryDevice } from "../nn/support/devices.js";
import { filled, noise, numbers } from "./support.js";

const network = () => filled(nn.sequential(nn.conv2d(2, 3, [2, 3]), nn.relu(), nn.conv2d(3, 4, 2, { groups: 1 })));

/** The numbers that a picture stands for. */
const values = ({ pixels, low, high }: Picture) => Array.from(pixels, (v) => low + v * (high - low));

function expectPictures(what: string, rows: readonly (readonly Picture[])[], want: readonly number[], shape: number[]) {
  const [count, columns, height, width] = shape;
  expect(rows.map((row) => row.length)).toEqual(new Array(count).fill(columns));
  for (const p of rows.flat()) {
    expect([p.height, p.width, Math.min(...p.pixels), Math.max(...p.pixels)]).toEqual([height, width, 0, 1]);
  }
  expectNumbers(what, rows.flat().flatMap(values), want, 1e-6);
}

onEveryDevice(() => {
  test("features: kernels are the weight, maps what the layer gives, for any layer by name or itself", async () => {
    const [net, images] = [network(), noise([2, 2, 6, 5])];
    const first = await features(net, undefined, images);
    expect(first.name).toBe("0");
    expectPictures("kernels", first.kernels, await numbers(net.layers[0].weight), [3, 2, 2, 3]);
    expectPictures("maps", first.maps, await numbers(net.layers[0].forward(images)), [2, 3, 5, 3]);
    const third = await features(net, "2", images);
    expectPictures("kernels", third.kernels, await numbers(net.layers[2].weight), [4, 3, 2, 2]);
    expectPictures("maps", third.maps, await numbers(await net.predict(images)), [2, 4, 4, 2]);
    expect((await features(net, net.layers[2])).name).toBe("2");
  });
});

describe("features", () => {
  test("of one dimension are of height 1; without images there are no maps; one value is black", async () => {
    const { kernels, maps } = await features(filled(nn.conv1d(2, 3, 4)));
    expect(kernels.map((row) => row.map((p) => [p.height, p.width]))).toEqual(
      new Array(3).fill([
        [1, 4],
        [1, 4],
      ]),
    );
    expect(maps).toEqual([]);
    const [[flat]] = (await features(nn.conv2d(1, 1, 1, { init: (shape) => noise(shape) }))).kernels;
    expect([...flat.pixels]).toEqual([0]);
    expect(flat.low).toBe(flat.high);
  });

  test("refuses layers that are none, and says which there are", async () => {
    const net = network();
    await expect(features(net, "7")).rejects.toThrow(ArgumentError);
    await expect(features(net, "7")).rejects.toThrow(
      /layer is "7"; it must be one of the network's: "0" conv2d\(2, 3, /,
    );
    await expect(features(net, "1")).rejects.toThrow(
      /layer "1" is relu\(\); it must be a convolution, such as "0" conv2d/,
    );
    await expect(features(net, nn.relu())).rejects.toThrow(ArgumentError);
    await expect(features(nn.sequential(nn.relu()))).rejects.toThrow("the network has no convolution");
  });
});

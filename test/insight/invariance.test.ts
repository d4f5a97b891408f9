import { describe, expect, test } from "vitest";
import { ArgumentError, nn, ShapeError } from "../../packages/tidu/src/index.js";
import { invariance, type Shift } from "../../packages/tidu/src/insight/index.js";
import { onEveryDevice } from "../nn/support/devices.js";
import { filled, noise, numbers } from "./support.js";

const shifts: Shift[] = [
  [0, 0],
  [1, 0],
  [0, -2],
  [-3, 2],
];

/** Images moved pixel by pixel. */
async function movedByHand(x: number[], [n, h, w]: number[], [down, right]: Shift): Promise<number[]> {
  return x.map((_, at) => {
    const [i, r, c] = [Math.floor(at / (h * w)), Math.floor(at / w) % h, at % w];
    const [from, to] = [r - down, c - right];
    return from < 0 || from >= h || to < 0 || to >= w || i >= n ? 0 : x[i * h * w + from * w + to];
  });
}

const norm = (v: number[]) => Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));

onEveryDevice(() => {
  test("invariance is the distance of the outputs as a share of their norm", async () => {
    const images = noise([3, 1, 5, 4]);
    const pixels = await numbers(images);
    const net = nn.sequential(nn.dropout(0.5), nn.flatten(), nn.relu());
    const found = await invariance(net, "1", images, shifts);
    expect(found.map((f) => f.shift)).toEqual(shifts);
    for (const { shift, change } of found) {
      const moved = await movedByHand(pixels, [3, 5, 4], shift);
      expect(change).toBeCloseTo(norm(moved.map((v, i) => v - pixels[i])) / norm(pixels), 5);
    }
    expect(found[0].change).toBe(0);
  });

  test("max pooling makes a layer change less, and a global one almost not at all", async () => {
    const net = filled(nn.sequential(nn.conv2d(1, 4, 3), nn.relu(), nn.maxPool2d(3), nn.globalAvgPool2d()));
    const smooth = noise([4, 1, 4, 4]).pad([
      [0, 0],
      [0, 0],
      [7, 9],
      [7, 9],
    ]);
    const [before, pooled, all] = await Promise.all(
      net.layers.slice(1).map(async (l) => (await invariance(net, l, smooth, [[0, 1]]))[0].change),
    );
    expect(pooled).toBeLessThan(before);
    expect(all).toBeLessThan(pooled / 2);
  });
});

describe("invariance", () => {
  test("of what is 0 and stays 0 is 0", async () => {
    const zeros = await invariance(nn.maxPool2d(2), "", noise([1, 1, 4, 4]).mul(0), [[1, 1]]);
    expect(zeros[0].change).toBe(0);
  });

  test("refuses shifts that leave nothing, layers that are none, and what is no image", async () => {
    const [net, images] = [nn.sequential(nn.relu()), noise([1, 1, 3, 4])];
    for (const shift of [[3, 0], [0, -4], [0.5, 0], [Number.NaN, 0], [1]]) {
      const refused = invariance(net, "0", images, [shift as unknown as Shift]);
      await expect(refused).rejects.toThrow(ArgumentError);
      await expect(refused).rejects.toThrow("it must be two whole numbers, below ±3 (down) and ±4 (right)");
    }
    await expect(invariance(net, "1", images, [])).rejects.toThrow(/layer is "1"; it must be one of/);
    await expect(invariance(net, "0", noise([3, 4]), [])).rejects.toThrow(ShapeError);
  });

  test("refuses a layer that the network does not use", async () => {
    class Idle extends nn.Module {
      readonly used = nn.relu();
      readonly idle = nn.tanh();
      override forward = this.used.forward.bind(this.used);
    }
    await expect(invariance(new Idle(), "idle", noise([1, 1, 3, 4]), [])).rejects.toThrow(
      /does not use its layer tanh/,
    );
  });
});

// Augmentations written plainly, pixel by pixel, to compare with.
import { threefry2x32 } from "../../../packages/tidu/src/base/threefry.js";

/** One augmentation as data: what it is called, its value and options. */
export interface Step {
  readonly name: string;
  readonly value: number | string;
  readonly options: { readonly p?: number; readonly border?: string; readonly fill?: number; readonly size?: number };
}

/** One image: channels of rows of pixels. */
export type Image = readonly (readonly (readonly number[])[])[];
export interface Sample {
  readonly image: Image;
  /** Shares of the classes. */
  readonly target: readonly number[];
}

/** The numbers that a generator draws outside compiled steps, draw by draw. */
export class Draws {
  #count = 0;
  constructor(readonly seed: number) {}

  uniform(n: number): number[] {
    const key = 0x80000000 | this.#count++;
    return Array.from({ length: n }, (_, i) => (threefry2x32(this.seed, key, i, 0)[0] >>> 8) / 2 ** 24);
  }
}

type Place = readonly [x: number, y: number];
/** Where a pixel of an image comes from. */
type Look = (u: number, v: number) => Place;
interface View {
  readonly look: Look;
  readonly width: number;
  readonly height: number;
}

/** A sample that is being looked at through views which have not been drawn yet. */
interface Pending extends Sample {
  readonly views: readonly View[];
}

/** The same as an augmentation makes of a batch, pixel by pixel in float64. `limited`: pixels stay within 0 and 255. */
export function plain(steps: readonly Step[], batch: readonly Sample[], draws: Draws, limited: boolean): Sample[] {
  let pending: Pending[] = batch.map((sample) => ({ ...sample, views: [] }));
  let border: string | undefined;
  const draw = () => {
    pending = pending.map((sample) => ({ ...resample(sample, border ?? "zeros"), views: [] }));
    border = undefined;
  };
  for (const step of steps) {
    if (step.name in WARPS) {
      const own = step.name === "flip" ? undefined : (step.options.border ?? "zeros");
      if (own !== undefined && border !== undefined && own !== border) draw();
      border ??= own;
      const sizes = pending.map(({ views, image }) => sizeOf(views, image));
      const views = WARPS[step.name](step, sizes, draws);
      pending = pending.map((sample, i) => ({ ...sample, views: [...sample.views, views[i]] }));
    } else {
      draw();
      const changed = CHANGES[step.name](step, pending, draws);
      const limits = limited && (step.name === "brightness" || step.name === "contrast");
      const limit = (v: number) => (limits ? Math.min(Math.max(v, 0), 255) : v);
      pending = changed.map(({ image, target }) => ({ image: pixels(image, limit), target, views: [] }));
    }
  }
  draw();
  return pending.map(({ image, target }) => ({ image, target }));
}

const sizeOf = (views: readonly View[], image: Image) => {
  const { width, height } = views.at(-1) ?? { width: image[0][0].length, height: image[0].length };
  return { width, height };
};

const pixels = (image: Image, f: (v: number, y: number, x: number) => number): Image =>
  image.map((channel) => channel.map((row, y) => row.map((v, x) => f(v, y, x))));

function resample({ image, target, views }: Pending, border: string): Sample {
  const { width, height } = sizeOf(views, image);
  const place = (u: number, v: number): Place => views.reduceRight<Place>(([x, y], { look }) => look(x, y), [u, v]);
  const drawn = image.map((channel) => {
    const read = (x: number, y: number): number => {
      const [w, h] = [channel[0].length, channel.length];
      if (border === "nearest") return channel[Math.min(Math.max(y, 0), h - 1)][Math.min(Math.max(x, 0), w - 1)];
      return channel[y]?.[x] ?? 0;
    };
    return Array.from({ length: height }, (_, v) =>
      Array.from({ length: width }, (_, u) => {
        const [x, y] = place(u, v);
        const [left, top] = [Math.floor(x), Math.floor(y)];
        let sum = 0;
        for (const yy of [top, top + 1]) {
          for (const xx of [left, left + 1]) sum += (1 - Math.abs(x - xx)) * (1 - Math.abs(y - yy)) * read(xx, yy);
        }
        return sum;
      }),
    );
  });
  return { image: drawn, target };
}

/** Which of n samples are changed. */
const chosen = (n: number, { p = 1 }: Step["options"], draws: Draws): boolean[] =>
  p === 1 ? new Array<boolean>(n).fill(true) : draws.uniform(n).map((u) => u < p);

const around = (n: number, middle: number, reach: number, draws: Draws): number[] =>
  draws.uniform(n).map((u) => middle - reach + 2 * reach * u);

const below = (n: number, count: number, draws: Draws): number[] =>
  draws.uniform(n).map((u) => Math.floor(Math.fround(u * count)));

type Sizes = readonly { readonly width: number; readonly height: number }[];

/** Views of images about their middle. */
const aboutMiddle = (sizes: Sizes, look: (i: number, dx: number, dy: number) => Place): View[] =>
  sizes.map(({ width, height }, i) => {
    const [mx, my] = [(width - 1) / 2, (height - 1) / 2];
    return {
      width,
      height,
      look: (u, v) => {
        const [dx, dy] = look(i, u - mx, v - my);
        return [mx + dx, my + dy];
      },
    };
  });

const WARPS: Record<string, (step: Step, sizes: Sizes, draws: Draws) => View[]> = {
  shift({ value, options }, sizes, draws) {
    const on = chosen(sizes.length, options, draws);
    const [dx, dy] = [0, 0].map(() => below(sizes.length, 2 * Number(value) + 1, draws).map((d) => d - Number(value)));
    return sizes.map((size, i) => ({ ...size, look: (u, v) => (on[i] ? [u + dx[i], v + dy[i]] : [u, v]) }));
  },
  rotate({ value, options }, sizes, draws) {
    const on = chosen(sizes.length, options, draws);
    const angles = around(sizes.length, 0, (Number(value) * Math.PI) / 180, draws).map((a, i) => (on[i] ? a : 0));
    // Turning the picture one way is looking at it the other way; rows count downwards.
    return aboutMiddle(sizes, (i, dx, dy) => {
      const [length, angle] = [Math.hypot(dx, dy), Math.atan2(dy, dx) + angles[i]];
      return [length * Math.cos(angle), length * Math.sin(angle)];
    });
  },
  scale({ value, options }, sizes, draws) {
    const on = chosen(sizes.length, options, draws);
    const factors = around(sizes.length, 1, Number(value), draws).map((f, i) => (on[i] ? f : 1));
    return aboutMiddle(sizes, (i, dx, dy) => [dx / factors[i], dy / factors[i]]);
  },
  shear({ value, options }, sizes, draws) {
    const on = chosen(sizes.length, options, draws);
    const angles = around(sizes.length, 0, (Number(value) * Math.PI) / 180, draws).map((a, i) => (on[i] ? a : 0));
    return aboutMiddle(sizes, (i, dx, dy) => [dx + dy * Math.tan(angles[i]), dy]);
  },
  flip({ value, options }, sizes, draws) {
    const on = chosen(sizes.length, { p: options.p ?? 0.5 }, draws);
    return sizes.map((size, i) => ({
      ...size,
      look: (u, v) => {
        if (!on[i]) return [u, v];
        return value === "vertical" ? [u, size.height - 1 - v] : [size.width - 1 - u, v];
      },
    }));
  },
  crop({ value, options }, sizes, draws) {
    const padding = Number(value);
    const [{ width, height }] = sizes;
    const [w, h] = [options.size ?? width, options.size ?? height];
    const left = below(sizes.length, width + 2 * padding - w + 1, draws);
    const top = below(sizes.length, height + 2 * padding - h + 1, draws);
    return sizes.map((_, i) => ({
      width: w,
      height: h,
      look: (u, v) => [u + left[i] - padding, v + top[i] - padding],
    }));
  },
};

const CHANGES: Record<string, (step: Step, batch: readonly Sample[], draws: Draws) => Sample[]> = {
  brightness({ value, options }, batch, draws) {
    const on = chosen(batch.length, options, draws);
    const factors = around(batch.length, 1, Number(value), draws).map((f, i) => (on[i] ? f : 1));
    return batch.map(({ image, target }, i) => ({ target, image: pixels(image, (v) => v * factors[i]) }));
  },
  contrast({ value, options }, batch, draws) {
    const on = chosen(batch.length, options, draws);
    const factors = around(batch.length, 1, Number(value), draws).map((f, i) => (on[i] ? f : 1));
    return batch.map(({ image, target }, i) => {
      const all = image.flat(2);
      const mean = all.reduce((sum, v) => sum + v, 0) / all.length;
      return { target, image: pixels(image, (v) => mean + (v - mean) * factors[i]) };
    });
  },
  cutout({ value, options }, batch, draws) {
    const on = chosen(batch.length, options, draws);
    const [height, width] = [batch[0].image[0].length, batch[0].image[0][0].length];
    const [top, left] = [height, width].map((size) =>
      below(batch.length, size, draws).map((middle) => middle - Math.floor(Number(value) / 2)),
    );
    const covered = (start: number, at: number) => at >= start && at < start + Number(value);
    return batch.map(({ image, target }, i) => ({
      target,
      image: pixels(image, (v, y, x) => (on[i] && covered(top[i], y) && covered(left[i], x) ? (options.fill ?? 0) : v)),
    }));
  },
  mixup({ value, options }, batch, draws) {
    const n = batch.length;
    const on = chosen(n, options, draws);
    const alpha = Number(value);
    const [tails, turns] = [draws.uniform(n), draws.uniform(n)];
    const [distance] = below(1, n - 1, draws);
    return batch.map(({ image, target }, i) => {
      const t = Math.sqrt(2 * alpha * (tails[i] ** (-1 / alpha) - 1)) * Math.cos(2 * Math.PI * turns[i]);
      const own = on[i] ? 0.5 + t / (2 * Math.sqrt(2 * alpha + t * t)) : 1;
      const other = batch[(i + 1 + distance) % n];
      return {
        image: image.map((channel, c) =>
          channel.map((row, y) => row.map((v, x) => own * v + (1 - own) * other.image[c][y][x])),
        ),
        target: target.map((v, k) => own * v + (1 - own) * other.target[k]),
      };
    });
  },
};

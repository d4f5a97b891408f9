// Measures the errors of the elementary functions in units in the last place of the exact result (PyTorch: 0.6 to 1).
//
//     npm run ulp                every 1021st of all floats
//     npm run ulp -- 1           all of them
//
// It measures the code that programs run: a step of one function, on the device.
import { setDevice, tensor, WasmDevice } from "tidu";

const step = Number(process.argv[2] ?? 1021);
const CHUNK = 2 ** 22;

/** @param {number} x */
const erf = (x) => {
  if (Math.abs(x) > 6) return Math.sign(x);
  let term = (2 / Math.sqrt(Math.PI)) * x * Math.exp(-x * x);
  let sum = term;
  for (let n = 3; Math.abs(term) > 1e-18 * Math.abs(sum); n += 2) sum += term *= (2 * x * x) / n;
  return sum;
};

/** @type {Record<string, (x: number) => number>} */
const exact = {
  exp: Math.exp,
  expm1: Math.expm1,
  log: Math.log,
  log1p: Math.log1p,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  tanh: Math.tanh,
  erf,
  sin: Math.sin,
  cos: Math.cos,
};

const bits = new Int32Array(1);
const asFloat = new Float32Array(bits.buffer);

/**
 * @param {number} got
 * @param {number} want
 */
function ulps(got, want) {
  const nearest = Math.fround(want);
  if (Object.is(got, nearest) || got === nearest) return 0;
  if (!Number.isFinite(nearest)) return Math.abs(want) < 3.402824e38 && Math.abs(got) > 3.40282e38 ? 1 : Infinity;
  asFloat[0] = nearest;
  const exponent = Math.max((bits[0] >>> 23) & 255, 1) - 127;
  const error = Math.abs(got - want) / 2 ** (exponent - 23);
  return Number.isNaN(error) ? Infinity : error;
}

setDevice(new WasmDevice({ portable: true }));
const count = Math.floor(2 ** 32 / step);
console.log(`${count} of the 2^32 floats\n`);
for (const [name, f] of Object.entries(exact)) {
  const worst = { ulps: 0, at: 0 };
  for (let start = 0; start < count; start += CHUNK) {
    const patterns = Int32Array.from({ length: Math.min(CHUNK, count - start) }, (_, i) => ((start + i) * step) | 0);
    const x = new Float32Array(patterns.buffer);
    const y = await /** @type {any} */ (tensor(x))[name]().data();
    for (let i = 0; i < x.length; i++) {
      const error = ulps(y[i], f(x[i]));
      if (error > worst.ulps) Object.assign(worst, { ulps: error, at: x[i] });
    }
  }
  console.log(`${name.padEnd(10)} ${worst.ulps.toFixed(3)} at ${worst.at}`);
}

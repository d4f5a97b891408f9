/**
 * The same numbers in every language: a multiplicative hash of the index, between -scale/2 and scale/2, in float32.
 * systems/pytorch/values.py is its twin.
 *
 * @param {number} count
 * @param {number} stream
 * @param {number} scale
 */
export function fill(count, stream, scale) {
  const out = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const bits = (Math.imul(i + 1, 2654435761) + Math.imul(stream, 40503 * 65537)) >>> 0;
    const mixed = Math.imul(bits ^ (bits >>> 15), 2246822519) >>> 0;
    out[i] = (mixed / 4294967296 - 0.5) * scale;
  }
  return out;
}

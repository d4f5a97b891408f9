// Columns of more names than features: each name becomes a pattern of signs at a few of them, by hashing (Weinberger et al.,
// "Feature hashing for large scale multitask learning", 2009), at several so that hardly two names share all (Serrà and
// Karatzoglou, "Getting deep recommenders fit: Bloom embeddings for sparse binary input/output networks", 2017).

/** Features that a name sets. */
const SIGNS = 3;
const FEWEST_PLACES = 64;
export const MOST_PLACES = 512;

/** Features for a column of so many names: a power of two, about an eighth of them. */
export function placesFor(names: number): number {
  let places = FEWEST_PLACES;
  while (places < names / 8 && places < MOST_PLACES) places *= 2;
  return places;
}

/** Adds a name's signs to features that begin at `at`. */
export function addHashed(name: string, places: number, features: Float32Array, at: number): void {
  const bytes = new TextEncoder().encode(name);
  for (let i = 0; i < SIGNS; i++) {
    const hash = hashOf(bytes, i);
    features[at + ((hash >>> 1) % places)] += hash & 1 ? 1 : -1;
  }
}

/** FNV-1a of 32 bits from a start of its own, mixed as MurmurHash3 ends. */
function hashOf(bytes: Uint8Array, seed: number): number {
  let hash = 0x811c9dc5 ^ Math.imul(seed, 0x9e3779b1);
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

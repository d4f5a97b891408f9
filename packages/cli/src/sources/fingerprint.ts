// A fingerprint of data, by which a run recognizes them again.

/** Browsers compute none for pages that come over http from another machine. */
const subtle: SubtleCrypto | undefined = globalThis.crypto.subtle;

/** "" where there is none. */
async function sha256(content: Uint8Array): Promise<string> {
  if (subtle === undefined) return "";
  const digest = await subtle.digest("SHA-256", content as Uint8Array<ArrayBuffer>);
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** SHA-256 over the contents and names of files, which may be added in any order. */
export class Fingerprint {
  readonly #lines: Promise<string>[] = [];

  /** `name` is the path below the folder that was opened, so that moving the folder changes nothing. */
  add(name: string, bytes: Uint8Array): void {
    this.#lines.push(sha256(bytes).then((digest) => `${digest}  ${name.replaceAll("\\", "/")}\n`));
  }

  async digest(): Promise<string> {
    const lines = await Promise.all(this.#lines);
    return sha256(new TextEncoder().encode(lines.sort().join("")));
  }
}

// A fingerprint of data, by which a run recognizes them again.
import { createHash } from "node:crypto";

const sha256 = (content: Uint8Array | string): string => createHash("sha256").update(content).digest("hex");

/** SHA-256 over the contents and names of files, which may be added in any order. */
export class Fingerprint {
  readonly #lines: string[] = [];

  /** `name` is the path below the folder that was opened, so that moving the folder changes nothing. */
  add(name: string, bytes: Uint8Array): void {
    this.#lines.push(`${sha256(bytes)}  ${name.replaceAll("\\", "/")}\n`);
  }

  digest(): string {
    return sha256(this.#lines.toSorted().join(""));
  }
}

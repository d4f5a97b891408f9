/** SHA-256, 32 bytes. */
export async function sha256(bytes: ArrayBufferView): Promise<Uint8Array> {
  return new Uint8Array(await globalThis.crypto.subtle.digest("SHA-256", bytes as BufferSource));
}

/** The same as 64 hexadecimal digits. */
export async function sha256Hex(bytes: ArrayBufferView): Promise<string> {
  return [...(await sha256(bytes))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

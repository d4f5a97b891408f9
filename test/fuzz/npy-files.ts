/** An NPY file of version 1, as NumPy writes it: the header is filled up with spaces to a multiple of 64 bytes. */
export function npy(descr: string, shape: string, data: Uint8Array, fortran = false, version = 1): Uint8Array {
  const order = fortran ? "True" : "False";
  const text = `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${shape}, }`;
  const prefix = version === 1 ? 10 : 12;
  const length = Math.ceil((prefix + text.length + 1) / 64) * 64 - prefix;
  const header = Buffer.from(`\x93NUMPY${String.fromCharCode(version, 0)}`, "latin1");
  const size = version === 1 ? Buffer.alloc(2) : Buffer.alloc(4);
  if (version === 1) size.writeUInt16LE(length);
  else size.writeUInt32LE(length);
  return new Uint8Array(Buffer.concat([header, size, Buffer.from(`${text.padEnd(length - 1)}\n`, "latin1"), data]));
}

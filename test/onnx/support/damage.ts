// Models to be damaged, for the tests of broken files.
import { exportOnnx, importOnnx } from "../../../packages/onnx/src/index.js";
import { TiduError } from "../../../packages/tidu/src/base/errors.js";
import { full } from "../../../packages/tidu/src/tensor/tensor.js";
import type { DamagedFormat } from "../../fuzz/damage.js";
import { loadGolden, readGoldenBytes } from "../../goldens/load.js";
import { randomize } from "./compare.js";
import { NETWORKS } from "./networks.js";
import { ROW_CASES } from "./rows.js";

const FILE = "net.onnx";

/** Models of PyTorch's exporter, of this library and of every operator, and how one is read: to its last node. */
export async function onnxFormat(): Promise<DamagedFormat> {
  const exchanged = loadGolden("exchange").cases.filter(({ file }) => file.endsWith(".onnx"));
  const small = ["residual", "branches", "attention", "twice"].map((name) => NETWORKS[name]);
  const own = await Promise.all(small.map(({ make, input }) => exportOnnx(randomize(make(), 1), input)));
  const files = [...exchanged.map(readGoldenBytes), ...own, ...ROW_CASES.map(({ model }) => model)];
  // Its numbers are held as 64 bits each while they are looked at, whatever they take in the file.
  return { name: "ONNX", files, file: FILE, read, place: /byte \d+: /, bytesPerByte: 64, spareBytes: 65_536 };
}

function read(bytes: Uint8Array): void {
  const net = importOnnx(bytes, { file: FILE });
  try {
    net.forward(
      ...net.onnx.inputs.map(({ shape }) =>
        full(
          (shape ?? []).map((size) => size ?? 2),
          1,
        ),
      ),
    );
  } catch (error) {
    // Where shapes do not fit each other, the error names the node; the file has long been read.
    if (!(error instanceof TiduError)) throw error;
  }
}

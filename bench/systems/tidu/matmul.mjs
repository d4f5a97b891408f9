import { compile, tensor, Variable, zeros } from "tidu";
import { serve } from "../../lib/serve.mjs";
import { fill } from "../../values.mjs";
import { useDevice } from "./device.mjs";

/**
 * C ← A · B of [rows, inner] and [inner, columns], written in place as PyTorch's `out` does.
 *
 * @param {{ rows: number, columns: number, inner: number } & import("./device.mjs").Wanted} job
 */
export async function matmul({ rows, columns, inner, ...wanted }) {
  const about = await useDevice(wanted);
  const a = await tensor(fill(rows * inner, 1, 1), [rows, inner]).realize();
  const b = await tensor(fill(inner * columns, 2, 1), [inner, columns]).realize();
  const c = new Variable(zeros([rows, columns]));
  const step = compile((p, q) => c.assign(p.matmul(q)));
  await step(a, b);
  return serve(about, () => step(a, b));
}

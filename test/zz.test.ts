import { test } from "vitest";
import * as ops from "../src/graph/ops/index.js";
import { makeStorage } from "../src/graph/node.js";
import { simplify } from "../src/compile/simplify.js";
import { compileProgram } from "../src/compile/program.js";
import { Tensor } from "../src/tensor/tensor.js";
for (const n of [500, 1000, 2000, 4000]) test("chain "+n, () => {
  let y = new Tensor(ops.fromStorage(makeStorage([8, 1], "f32")));
  for (let i=0;i<n;i++) y = y.reshape([8]).add(1).mul(1).reshape([8,1]).sin();
  let t=performance.now(); const r = simplify([y.node]); const a=performance.now()-t;
  t=performance.now(); compileProgram([{storage:makeStorage([8,1],"f32"), value:y.node}]);
  console.log(n, a, performance.now()-t);
});

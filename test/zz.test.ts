import { test } from "vitest";
import { affineMap } from "../src/base/affine.js";
import * as ops from "../src/graph/ops/index.js";
import { makeStorage } from "../src/graph/node.js";
import { WasmDevice } from "../src/runtime/wasm/device.js";
import { compileProgram } from "../src/compile/program.js";
import { printProgram } from "../src/compile/print.js";
test("x", async () => {
  const s = makeStorage([1,1,1,1,1,1,1], "f32");
  const x = ops.fromStorage(s);
  const a = ops.view(x, affineMap([7,4,12], s.shape, (k) => [{offset:12,terms:[[0,-2]]},{terms:[[1,1]]},{terms:[[2,1]]},{terms:[[0,1]]},{terms:[[1,1]]},{terms:[[2,1]]},{terms:[[0,1]]}][k] as any));
  const b = ops.view(x, affineMap([4,1,12,7], s.shape, (k) => [{terms:[[0,1]]},{},{terms:[[2,1]]},{terms:[[3,1]]},{terms:[[0,1]]},{terms:[]},{terms:[[2,1]]}][k] as any));
  const y = ops.contract(a,b,{a:["l0","l1","l3"],b:["l1","l2","l3","l0"],out:["l2"]});
  const d = new WasmDevice({threads:1});
  const up=[{storage:makeStorage([1],"f32"),value:y}];
  console.log(printProgram(compileProgram(up).program));
  for (let i=0;i<3;i++) await d.prepare(up).run();
});

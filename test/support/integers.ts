// Numbers in WebAssembly code are checked: one that is no integer of its size would be written as another one.
import { FunctionBuilder } from "../../packages/tidu/src/codegen/wasm/assembler.js";

const { i32, i64 } = FunctionBuilder.prototype;
FunctionBuilder.prototype.i32 = function (value) {
  if (!Number.isInteger(value) || value < -(2 ** 31) || value >= 2 ** 32)
    throw new Error(`i32 ${value} in WebAssembly`);
  return i32.call(this, value);
};
FunctionBuilder.prototype.i64 = function (value) {
  if (!Number.isSafeInteger(value)) throw new Error(`i64 ${value} in WebAssembly`);
  return i64.call(this, value);
};

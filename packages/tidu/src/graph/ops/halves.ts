// Which ops bring halves to f32 and back.
import type { DType } from "../../base/dtype.js";
import type { ElementwiseOp } from "../node.js";
import { brainToFloat, floatToBrain, floatToHalf, halfToFloat } from "./elementwise.js";

type ByType = Readonly<Partial<Record<DType, ElementwiseOp>>>;

/** How values of a type become f32 where it is a half, and f32 values of that type. */
export const WIDEN: ByType = { f16: halfToFloat, bf16: brainToFloat };
export const SHORTEN: ByType = { f16: floatToHalf, bf16: floatToBrain };

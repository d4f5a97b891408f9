// Halves on native code: by every pattern of bits and every boundary between two numbers.
import { NativeDevice } from "../../../packages/tidu/src/native.js";
import { testAllBits } from "../../halves/all-bits.js";

testAllBits(() => NativeDevice.create({ threads: 2 }));

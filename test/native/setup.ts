// Gives native code to the suites that run on it once more.
import { NativeDevice, type NativeOptions } from "../../packages/tidu/src/native.js";

Object.assign(globalThis, { makeNative: (options: NativeOptions) => NativeDevice.create(options) });

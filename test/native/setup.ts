// Gives native code to the suites that run on it once more.
import { NativeDevice, type NativeOptions } from "../../packages/tidu/src/native.js";
import type { OtherDevice } from "../support/devices.js";

const otherDevice: OtherDevice = { name: "native", make: (options: NativeOptions) => NativeDevice.create(options) };
Object.assign(globalThis, { otherDevice });

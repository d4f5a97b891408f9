// The device for all computations: the one of --device, or the fastest available.
import { Option } from "commander";
import { ArgumentError, DeviceError, setDevice, WasmDevice } from "tidu";
import { withoutAdvice } from "tidu/internal";
import { oneLine } from "../exit.js";

export const DEVICES = ["auto", "wasm", "native", "webgpu"] as const;
export type DeviceName = (typeof DEVICES)[number];

/** Options for the device. */
export interface EngineChoices {
  /** Default: auto. */
  readonly device?: DeviceName;
  readonly threads?: number;
  readonly portable?: boolean;
}

/** Counters of a device. */
interface Device extends NonNullable<Parameters<typeof setDevice>[0]> {
  readonly memory: { readonly used: number; readonly peak: number };
  close?(): Promise<void> | void;
}

/** A device in use. */
export interface Engine {
  readonly device: Device;
  /** Its description, in a line. */
  readonly says: string;
}

/** What commands compute on that begin anew; and those that use a run, where none is named. */
const ANEW = "auto, native code where available";
const OF_RUN = "that of the run, or WebAssembly where it is not available";

/** `--device`, or `TIDU_DEVICE` if that is not empty. Experiments must not use a device that gives other bits. */
export function deviceOption(names: readonly DeviceName[] = DEVICES, standard = ANEW): Option {
  const says = `device: native code, WebAssembly or a graphics card (default: ${standard})`;
  const option = new Option("--device <name>", says).choices(names);
  return process.env.TIDU_DEVICE === "" ? option : option.env("TIDU_DEVICE");
}

/** The same for commands that use what a run has trained. */
export const usingDeviceOption = (): Option => deviceOption(DEVICES, OF_RUN);

/**
 * Starts the device for all further computations.
 *
 * @throws DeviceError where a device that is named cannot be had; `auto` falls back to WebAssembly.
 */
export const startEngine = (choices: EngineChoices): Promise<Engine> =>
  begin(starts[choices.device ?? "auto"], choices);

/** The same with a device that is only preferred, such as that of a run from another machine. */
export const startPreferred = (choices: EngineChoices): Promise<Engine> =>
  begin(orWasm(starts[choices.device ?? "auto"]), choices);

/** @param choices those of a run, beside others. */
async function begin(start: Start, { threads, portable }: EngineChoices): Promise<Engine> {
  const engine = await start({ threads, portable });
  setDevice(engine.device);
  return engine;
}

type Start = (choices: Omit<EngineChoices, "device">) => Promise<Engine>;

const wasm: Start = async (choices) => {
  const device = new WasmDevice(choices);
  return { device, says: `WebAssembly, ${threadsOf(device.threads)}` };
};

/** Nobody waits for the compiler. */
const native: Start = async (choices) => {
  const { NativeDevice } = await import("tidu/native");
  const device = await NativeDevice.create({ ...choices, meanwhile: "wasm" });
  return { device, says: `native code (${device.compiler}), ${threadsOf(device.threads)}` };
};

const webgpu: Start = async ({ threads, portable }) => {
  if (threads !== undefined) throw new ArgumentError("--device webgpu: a graphics card has no --threads; leave it out");
  if (portable) throw new ArgumentError("--device webgpu: its results differ between machines; leave --portable out");
  const { WebGpuDevice } = await import("tidu/webgpu");
  const device = await WebGpuDevice.create();
  return { device, says: `WebGPU (${device.description})` };
};

/** WebAssembly where a device cannot be had; its line then says why. */
const orWasm =
  (start: Start): Start =>
  async (choices) => {
    try {
      return await start(choices);
    } catch (error) {
      if (!(error instanceof DeviceError)) throw error;
      const { device, says } = await wasm(choices);
      return { device, says: `${says} (${oneLine(withoutAdvice(error.message))})` };
    }
  };

const auto = orWasm(native);

const starts: Readonly<Record<DeviceName, Start>> = { auto, wasm, native, webgpu };

const threadsOf = (count: number): string => `${count} ${count === 1 ? "thread" : "threads"}`;

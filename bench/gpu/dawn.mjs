// Dawn, with clocks as exact as the card has them. It ends when nobody refers to it.
import { create } from "webgpu";

const flags = ["disable-dawn-features=timestamp_quantization", ...(process.env.DAWN_FLAGS?.split(" ") ?? [])];
export const gpu = create(flags);

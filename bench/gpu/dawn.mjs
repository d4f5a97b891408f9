// Dawn, with timestamps as exact as the card's. It ends when nothing refers to it any more.
import { create } from "webgpu";

const flags = ["disable-dawn-features=timestamp_quantization", ...(process.env.DAWN_FLAGS?.split(" ") ?? [])];
export const gpu = create(flags);

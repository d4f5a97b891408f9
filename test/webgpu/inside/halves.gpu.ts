// Halves on a graphics card: by every pattern of bits and every boundary between two numbers.
import { testAllBits } from "../../halves/all-bits.js";
import { open } from "./open.js";

testAllBits(() => open());

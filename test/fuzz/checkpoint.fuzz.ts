import { it } from "vitest";
import { checkDamage } from "../train/checkpoint-damage.js";

it("refuses damaged checkpoints", () => checkDamage(20_000));

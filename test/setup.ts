// After each file: the next one in the same process finds the device, the random numbers, the environment and the
// clock as they were, and no folder stays behind.
import { manualSeed, setDevice } from "tidu";
import { afterAll, vi } from "vitest";
import { removeFolders } from "./sources/folders.js";
import "./support/integers.js";

const before = { ...process.env };

afterAll(() => {
  setDevice(undefined);
  manualSeed(0);
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  vi.useRealTimers();
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
  Object.assign(process.env, before);
  return removeFolders();
});

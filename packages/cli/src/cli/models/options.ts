// The user's options for a model: hidden layers, and the model's own options.
import { InvalidArgumentError, Option } from "commander";
import type { ModelOptions } from "./request.js";

/** `--hidden`. */
export const hiddenOption = (): Option =>
  new Option("--hidden <sizes>", "units of the hidden layers of mlp, cnn or a model file, as in 64,64").argParser(
    sizes,
  );

/** `--set`, which may be said several times. */
export const setOption = (): Option =>
  new Option("--set <list>", "options for a model file, as in width=32,bias=false").argParser(settings);

function sizes(text: string): number[] {
  const all = text.split(",").map(Number);
  if (/^\d+(,\d+)*$/.test(text) && all.every((size) => size >= 1 && size <= 2 ** 20)) return all;
  throw new InvalidArgumentError("It must be whole numbers of at least 1, joined by commas, such as 64,64");
}

function settings(text: string, before: ModelOptions = {}): ModelOptions {
  const given = text.split(",").map((part): [string, string | number | boolean] => {
    const [, name, value] = /^\s*([\w-]+)\s*=(.*)$/s.exec(part) ?? [];
    if (name === undefined || name === "__proto__")
      throw new InvalidArgumentError("It must be names and values, such as width=32,bias=false");
    return [name, meaningOf(value.trim())];
  });
  return { ...before, ...Object.fromEntries(given) };
}

function meaningOf(text: string): string | number | boolean {
  if (text === "true" || text === "false") return text === "true";
  return text !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}

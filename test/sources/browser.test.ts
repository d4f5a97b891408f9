// Tables in a browser: the package's sources, bundled for one, read Files in a world that has nothing of Node.
import { createContext, runInContext } from "node:vm";
import { gzipSync } from "node:zlib";
import { openData, prepareSamples } from "@tidu/cli/sources";
import { build } from "esbuild";
import { expect, it } from "vitest";

const CSV = `size;when;name;y\n${Array.from({ length: 40 }, (_, i) => `${i % 7},5 kg;${1 + (i % 9)}.5.2024;${"pq"[i % 2]};${["grün", "rot"][(i * 7) % 2]}`).join("\n")}\n`;

/** What the bundle is run with: what browsers have, and nothing else. */
const WORLD = {
  ...{ Blob, DecompressionStream, File, Response, TextDecoder, TextEncoder, URL, WebAssembly },
  ...{
    clearTimeout,
    console,
    crypto,
    performance,
    queueMicrotask,
    setTimeout,
    structuredClone,
    AbortSignal,
    MessageChannel,
  },
};

async function inBrowser(): Promise<typeof import("@tidu/cli/sources")> {
  const { outputFiles } = await build({
    stdin: { contents: 'export * from "@tidu/cli/sources";', resolveDir: new URL(".", import.meta.url).pathname },
    ...{ bundle: true, write: false, platform: "browser", format: "iife", globalName: "sources", external: ["sharp"] },
    ...{ logLevel: "silent" },
  });
  const [{ text }] = outputFiles;
  const world = createContext({ ...WORLD });
  runInContext(`${text}; globalThis.sources = sources;`, world);
  return (world as { sources: typeof import("@tidu/cli/sources") }).sources;
}

it("reads tables of Files, and rows to predict, as Node does", async () => {
  const sources = await inBrowser();
  const file = (content: string | Uint8Array, name: string) => new File([content as string], name);
  const jsonl = CSV.trim()
    .split("\n")
    .slice(1)
    .map((line) => line.split(";"))
    .map(([size, when, name, y]) => `${JSON.stringify({ size, when, name, y })}\n`)
    .join("");
  const wanted = await openData(file(CSV, "a.csv"), { validation: 0.25 });
  for (const own of [file(CSV, "a.csv"), file(gzipSync(CSV), "a.csv.gz"), file(jsonl, "a.jsonl")]) {
    const found = await sources.openData(own, { validation: 0.25 });
    expect(found.preprocess).toMatchObject({
      columns: wanted.preprocess.kind === "table" ? wanted.preprocess.columns : [],
    });
    expect([...(await found.train.inputs.data())]).toEqual([...(await wanted.train.inputs.data())]);
    expect(found.origin("train", 0)).toMatch(/^a\.(csv|csv\.gz|jsonl):\d+$/);
  }
  const again = await sources.openData(file(CSV, "a.csv"), { validation: 0.25 });
  expect(again.fingerprint).toBe(wanted.fingerprint);
  const rows = () => [file("when;name;size\n3.5.2024;p;2,5 kg\n", "b.csv")];
  const [ours, theirs] = [
    await sources.prepareSamples(again.preprocess, rows()),
    await prepareSamples(wanted.preprocess, rows()),
  ];
  expect([...(await ours.input.data())]).toEqual([...(await theirs.input.data())]);
  expect(ours.names).toEqual(["b.csv:2"]);
});

it("says what a browser has not, and what is no table", async () => {
  const sources = await inBrowser();
  await expect(sources.openData("a.csv")).rejects.toThrow(
    /paths of files can be read in Node only: in a browser give a File/,
  );
  await expect(openData(new File(["x"], "a.npy"), { kind: "npy" })).rejects.toThrow(
    /kind is "npy"; for a File it must be csv/,
  );
  const image = {
    kind: "image",
    task: "classification",
    height: 1,
    width: 1,
    channels: 1,
    mean: [0],
    deviation: [1],
  } as const;
  await expect(prepareSamples(image, [new File(["x"], "a.png")])).rejects.toThrow(
    /can only hold a table; for image data, give paths/,
  );
  await expect(openData(new Blob(["x"]) as File)).rejects.toThrow(/pathOrName is .*must be a string, or a File/);
});

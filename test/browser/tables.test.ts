// Tables of a page's files in Chromium: Parquet gives there what it gives in Node.
import { openData, type Source } from "@tidu/cli/sources";
import { build } from "esbuild";
import { parquetWriteBuffer } from "hyparquet-writer";
import { expect, it, onTestFinished } from "vitest";
import { OPENING, openBrowser } from "../support/browser.js";

const ROWS = Array.from({ length: 300 }, (_, i) => i);
const TABLE = parquetWriteBuffer({
  columnData: [
    { name: "size", data: ROWS.map((i) => (i % 9) / 4), type: "DOUBLE" },
    { name: "count", data: ROWS.map((i) => BigInt(i % 50)), type: "INT64" },
    { name: "name", data: ROWS.map((i) => ["grün", "rot", undefined][i % 3]), type: "STRING", nullable: true },
    { name: "day", data: ROWS.map((i) => new Date(Date.UTC(2024, i % 12, 1 + (i % 28)))), type: "TIMESTAMP" },
    { name: "y", data: ROWS.map((i) => `class ${(i * 7) % 3}`), type: "STRING" },
  ],
  codec: "SNAPPY",
  rowGroupSize: 100,
});

const facts = async ({ preprocess, train, description, fingerprint }: Source) => ({
  // The page is no secure context: there is none.
  fingerprint: fingerprint === "" ? "none" : "SHA-256",
  preprocess,
  description,
  inputs: [...(await train.inputs.data())],
  targets: [...(await train.targets.data())],
});

it("Parquet is read in a browser as in Node", { timeout: OPENING }, async () => {
  const { outputFiles } = await build({
    stdin: { contents: 'export * from "@tidu/cli/sources";', resolveDir: import.meta.dirname },
    ...{ bundle: true, write: false, platform: "browser", format: "iife", globalName: "sources", external: ["sharp"] },
    ...{ logLevel: "silent" },
  });
  const browser = await openBrowser();
  onTestFinished(() => browser.close());
  const page = await browser.newPage();
  await page.addScriptTag({ content: outputFiles[0].text });
  const found = await page.evaluate(
    async ([bytes, facts]) => {
      const { openData } = (globalThis as unknown as { sources: typeof import("@tidu/cli/sources") }).sources;
      const file = new File([Uint8Array.from(bytes as number[])], "rows.parquet");
      return new Function("source", `return (${facts})(source)`)(await openData(file, { validation: 0.2 }));
    },
    [[...new Uint8Array(TABLE)], String(facts)] as const,
  );
  const wanted = await facts(await openData(new File([TABLE], "rows.parquet"), { validation: 0.2 }));
  expect(found).toEqual(JSON.parse(JSON.stringify({ ...wanted, fingerprint: "none" })));
  expect(wanted.fingerprint).toBe("SHA-256");
  expect(wanted.inputs).toHaveLength(240 * 12);
});

// What a run says of its data and its mistakes: in JSON, in config.json, in the report and in eval.
import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { jsonLines, workplace, writeDigits } from "./support.js";

const { path, tidu, write } = workplace();
const QUICK = ["--epochs", "2", "--threads", "1", "--device", "wasm"];

it("a run of a table keeps what was inferred and left out, names mistakes by their lines, and ranks its columns", async () => {
  const rows = Array.from(
    { length: 120 },
    (_, i) => `${i + 1},${(i * 7) % 11},always,${["a", "b"][((i * 7) % 11) % 2]}`,
  );
  await write("rows.csv", `id,n,same,y\n${rows.join("\n")}\n`);
  const { out, code } = await tidu("train", "rows.csv", ...QUICK, "--out", "run", "--json");
  expect(code).toBe(0);
  const wanted = [
    'left out: "id", which numbers the rows',
    'left out: "same", which is always always',
    expect.stringMatching(/column "n": numbers, standardized/),
  ];
  const [{ data }] = jsonLines(out) as unknown as [{ data: { description: string[] } }];
  expect(data.description).toEqual(expect.arrayContaining(wanted));
  const config = JSON.parse(await readFile(path("run", "config.json"), "utf8"));
  expect(config.data.description).toEqual(data.description);
  const page = await readFile(path("run", "report.html"), "utf8");
  for (const text of ["<h2>Data</h2>", "left out: &quot;id&quot;", "Importance of columns", "rows.csv:"])
    expect(page).toContain(text);
  const findings = JSON.parse(await readFile(path("run", "report.json"), "utf8"));
  expect(findings.importance.features).toMatchObject([{ name: "n" }]);
  const found = await tidu("eval", "run", "--part", "train", "--mistakes", "3", "--json");
  const [{ classes }] = jsonLines(found.out) as unknown as [
    { classes: { wrong: number; mistakes: { origin: string; truth: string }[] } },
  ];
  expect(classes.wrong).toBeGreaterThan(3);
  expect(classes.mistakes).toHaveLength(3);
  const lines = (await readFile(path("rows.csv"), "utf8")).split("\n");
  for (const { origin, truth } of classes.mistakes) {
    const line = Number(/^rows\.csv:(\d+)$/.exec(origin)?.[1]);
    expect(lines[line - 1].endsWith(`,${truth}`)).toBe(true);
  }
  const said = await tidu("eval", "run", "--part", "train", "--mistakes", "3");
  expect(said.out).toMatch(new RegExp(`sample +true class +predicted +probability\\n${classes.mistakes[0].origin}`));
});

it("a run of images names mistakes by their files, one of values by its lines", async () => {
  await writeDigits(path("digits"), path("idx"), 3);
  expect((await tidu("train", "digits", ...QUICK, "--model", "mlp", "--no-report", "--out", "images")).code).toBe(0);
  const { out } = await tidu("eval", "images", "--part", "train", "--mistakes", "2");
  expect(out).toMatch(/sample +true class +predicted +probability\n\d\/\d{4}\.png +\d/);
  const rows = Array.from({ length: 60 }, (_, i) => `${(i * 7) % 11},${(i * 3.7) % 13}`);
  await write("values.csv", `n,y\n${rows.join("\n")}\n`);
  expect((await tidu("train", "values.csv", ...QUICK, "--no-report", "--out", "values")).code).toBe(0);
  const values = await tidu("eval", "values", "--mistakes", "2");
  expect(values.out).toMatch(/sample +column +true value +predicted\nvalues\.csv:\d+ +y +[\d.]+ +[-\d.]+\n/);
});

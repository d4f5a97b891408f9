// Tables of Parquet: the same network as from the CSV file with the same rows, from any codec and number of row groups.
import { readFile } from "node:fs/promises";
import { parquetWriteBuffer } from "hyparquet-writer";
import { beforeAll, describe, expect, it } from "vitest";
import { jsonLines, workplace } from "./support.js";

const { path, tidu, start, write } = workplace();
const QUICK = ["--epochs", "2", "--threads", "1", "--device", "wasm", "--no-report"];

const ROWS = Array.from({ length: 2100 }, (_, i) => ({
  x: ((i * 7) % 11) / 4,
  count: (i * 5) % 1300,
  color: ["red", "green", undefined][i % 3],
  ready: i % 2 === 0,
  y: `class ${(i * 7) % 3}`,
}));
const CSV = `x,count,color,ready,y\n${ROWS.map((row) => Object.values(row).join(",")).join("\n")}\n`;

const column = (name: keyof (typeof ROWS)[0], type: "DOUBLE" | "INT64" | "STRING" | "BOOLEAN") => ({
  name,
  type,
  nullable: true,
  data: ROWS.map((row) => (type === "INT64" ? BigInt(row[name] as number) : row[name])),
});
const parquet = (more: object = {}): Uint8Array =>
  new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        column("x", "DOUBLE"),
        column("count", "INT64"),
        column("color", "STRING"),
        column("ready", "BOOLEAN"),
        column("y", "STRING"),
      ],
      ...more,
    }),
  );

const weights = (run: string): Promise<Buffer> => readFile(path(run, "model.safetensors"));

beforeAll(async () => {
  await write("rows.csv", CSV);
  await write("rows.parquet", parquet());
  await write("plain.parquet", parquet({ codec: "UNCOMPRESSED", rowGroupSize: 700 }));
  await tidu("train", "rows.csv", ...QUICK, "--out", "csv");
});

describe("Parquet", () => {
  it("trains the network of the same rows in CSV, bit for bit", async () => {
    for (const name of ["rows", "plain"]) {
      const { code, errors } = await tidu("train", `${name}.parquet`, ...QUICK, "--out", name);
      expect([code, errors]).toEqual([0, ""]);
      expect(await weights(name)).toEqual(await weights("csv"));
    }
  });

  it("is what predict reads, row group by row group, and eval, and standard input", async () => {
    const predicted = async (file: string) => {
      const { code, out, errors } = await tidu("predict", "csv", file, "--json");
      expect([code, errors]).toEqual([0, ""]);
      return jsonLines(out)[0].predictions as { sample: string; classes: unknown }[];
    };
    const ofCsv = await predicted("rows.csv");
    const ofParquet = await predicted("plain.parquet");
    expect(ofParquet.map(({ classes }) => classes)).toEqual(ofCsv.map(({ classes }) => classes));
    expect([ofParquet[0].sample, ofParquet[2099].sample]).toEqual(["plain.parquet:1", "plain.parquet:2100"]);
    const running = start("eval", "csv", "-", "--format", "parquet", "--json");
    running.type(parquet() as unknown as string);
    running.endInput();
    const { out, errors } = await running.outcome;
    expect(errors).toBe("");
    expect(jsonLines(out)[0]).toMatchObject({ data: "standard input", samples: 2100 });
  });

  it("is refused by name where it is damaged, and by row where a value does not fit", async () => {
    await write("cut.parquet", parquet().subarray(0, 500));
    const cut = await tidu("train", "cut.parquet", ...QUICK);
    expect([cut.code, cut.errors]).toEqual([1, expect.stringContaining("cut.parquet: it cannot be read as Parquet:")]);
    const data = ROWS.map(({ x }, i) => (i === 40 ? 1e300 : x));
    await write("huge.parquet", parquet({ columnData: [{ name: "x", type: "DOUBLE", data }, column("y", "STRING")] }));
    const huge = await tidu("train", "huge.parquet", ...QUICK);
    expect([huge.code, huge.errors]).toEqual([
      1,
      expect.stringContaining('huge.parquet: row 41, column "x": 1e+300 is beyond'),
    ]);
    expect((await tidu("predict", "csv", "none.parquet")).code).not.toBe(0);
  });
});

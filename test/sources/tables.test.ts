import { fileURLToPath } from "node:url";
import { openData, type Source, type TablePreprocess } from "@tidu/cli/sources";
import { describe, expect, it } from "vitest";
import "../../packages/tidu/src/index.js";
import { DataError, FormatError } from "../../packages/tidu/src/base/errors.js";
import { folderOf } from "./folders.js";

/** Opens a CSV file with this content. */
async function open(csv: string | Uint8Array, options: Parameters<typeof openData>[1] = {}): Promise<Source> {
  return openData(`${await folderOf({ "a.csv": csv })}/a.csv`, options);
}

/** Rows of inputs. */
async function rowsOf({ train }: Source): Promise<number[][]> {
  return (await train.inputs.array()) as number[][];
}

const columnsOf = ({ preprocess }: Source): TablePreprocess["columns"] => (preprocess as TablePreprocess).columns;

describe("openData reads CSV", () => {
  it("the irises of the examples", async () => {
    const path = fileURLToPath(new URL("../../examples/data/iris.csv", import.meta.url));
    const source = await openData(path);
    expect(source).toMatchObject({ kind: "csv", task: "classification", inputShape: [4], outputs: 3 });
    expect(source.classes).toEqual(["setosa", "versicolor", "virginica"]);
    expect(source.train.count).toBe(150);
    // The means that every description of the irises gives.
    const means = columnsOf(source).map((column) => column.kind === "number" && column.mean.toFixed(3));
    expect(means).toEqual(["5.843", "3.057", "3.758", "1.199"]);
    expect(source.description.slice(0, 2)).toEqual([
      "150 rows to train",
      "3 classes (setosa, versicolor, virginica), 50 samples each",
    ]);
  });

  it("numbers standardized, names as one feature for each, in the order of the header", async () => {
    const source = await open("n,colour,t\n1,red,a\n3,blue,b\n1,red,a\n3,green,b\n");
    expect(columnsOf(source)).toEqual([
      { kind: "number", name: "n", mean: 2, deviation: 1 },
      { kind: "category", name: "colour", categories: ["blue", "green", "red"] },
    ]);
    expect(await rowsOf(source)).toEqual([
      [-1, 0, 0, 1],
      [1, 1, 0, 0],
      [-1, 0, 0, 1],
      [1, 0, 1, 0],
    ]);
    expect([...(await source.train.targets.data())]).toEqual([0, 1, 0, 1]);
  });

  it("missing numbers as the mean and a mark, missing names as a category of their own", async () => {
    const source = await open("n,colour,t\n1,red,a\n,NA,b\n3,red,a\n?,red,b\n");
    expect(await rowsOf(source)).toEqual([
      [-1, 0, 1, 0],
      [0, 1, 0, 1],
      [1, 0, 1, 0],
      [0, 1, 1, 0],
    ]);
    const told = source.description.join("\n");
    expect(told).toMatch(/column "n": 2 missing numbers in 4 rows became the mean/);
    expect(told).toMatch(/column "colour": 1 missing name in 4 rows became a separate category/);
  });

  it.each([
    ["a,b;c\tt\n1,2;3\tx\n2,3;4\ty\n", ["a,b;c", "t"]],
    ["a,b,t\n1,x;y,p\n2,z,q\n", ["a", "b", "t"]],
    ["1,5;2,5;x\n2,5;3,5;y\n3,5;4,5;y\n", ["column 1", "column 2", "column 3"]],
    ["a;t\n1,5;x\n2;y\n", ["a", "t"]],
    ["a\tb,c\tt\n1\t2\tx\n2\t3\ty\n", ["a", "b,c", "t"]],
    ["a|t\n1|x\n2|y\n", ["a", "t"]],
    ['"a,a,a";t\n1;x\n2;y\n', ["a,a,a", "t"]],
  ])("with the delimiter that divides the lines of %j alike", async (csv, names) => {
    const { preprocess } = await open(csv);
    const { columns, target } = preprocess as TablePreprocess;
    expect([...columns.map(({ name }) => name), ...target]).toEqual(names);
  });

  it.each([
    ["quotes", 'a,t\n1,"x, ""y"""\n2,z\n', ['x, "y"', "z"]],
    ["line ends of Windows", "a,t\r\n1,x\r\n2,y\r\n", ["x", "y"]],
    ["mixed line ends, blank lines and spaces", "a, t\r\n1 , x\n\n2,y", ["x", "y"]],
    ["a byte order mark", "\ufeffa,t\n1,x\n2,y\n", ["x", "y"]],
    ["letters of all kinds", "a,t\n1,é\n2,水\n", ["é", "水"]],
    ["whole numbers in their order", "a,t\n1,10\n2,9\n3,10.0\n", ["9", "10"]],
  ])("with %s", async (_, csv, classes) => {
    expect((await open(csv)).classes).toEqual(classes);
  });

  it("says which of several targets has nothing to learn", async () => {
    const rows = [1, 2, 3, 4, 5, 6].map((x) => `${x},${x * 1.5},7`);
    const { description } = await open(`x,a,b\n${rows.join("\n")}\n`, { target: ["a", "b"] });
    expect(description.filter((line) => line.includes("nothing to learn"))).toEqual([
      'target "b": all training samples have the same value, so there is nothing to learn; leave it out',
    ]);
  });

  it("what a target column is", async () => {
    expect((await open("label,a\nx,1\ny,2\n")).classes).toEqual(["x", "y"]);
    expect((await open("a,b\n1,p\n2,q\n", { target: "a" })).classes).toEqual(["1", "2"]);
    const both = await open("a,b,c\n1.5,2,3\n2.5,4,1\n", { target: ["a", "b"] });
    expect(both).toMatchObject({ task: "regression", outputs: 2, inputShape: [1] });
    expect(both.train.targets.shape).toEqual([2, 2]);
    expect((await both.train.targets.array()) as number[][]).toEqual([
      [-1, -1],
      [1, 1],
    ]);
  });

  it("fractions and many whole numbers as values, few whole numbers as classes", async () => {
    const many = Array.from({ length: 50 }, (_, i) => `${i % 7},${i}`).join("\n");
    expect((await open(`a,t\n${many}\n`)).task).toBe("regression");
    expect((await open(`a,t\n${many}\n`, { target: "a" })).task).toBe("classification");
    expect((await open(`a,t\n${many}\n`, { target: "a", task: "regression" })).task).toBe("regression");
  });

  it("only what tells something", async () => {
    const names = Array.from({ length: 30 }, (_, i) => `${i + 1},N${i},always,,${i % 3},${i % 2}`).join("\n");
    const source = await open(`id,name,same,none,a,t\n${names}\n`);
    expect(columnsOf(source).map(({ name }) => name)).toEqual(["a"]);
    const told = source.description.join("\n");
    expect(told).toMatch(/left out: "id", which numbers the rows/);
    expect(told).toMatch(/left out: "name", which has 30 different names/);
    expect(told).toMatch(/left out: "same", which is always always/);
    expect(told).toMatch(/left out: "none", which has no values/);
    expect((await open(`x,same,t\n1,2,a\n2,2,b\n`, { ignore: ["same"] })).description.join()).not.toMatch(/same/);
  });

  it("numbers as names when told so", async () => {
    const source = await open("code,t\n1,a\n2,b\n1,a\n", { categorical: ["code"] });
    expect(columnsOf(source)).toEqual([{ kind: "category", name: "code", categories: ["1", "2"] }]);
    expect((await open("a,t\n1,1.5\n2,2.5\n", { categorical: ["t"] })).classes).toEqual(["1.5", "2.5"]);
  });

  it("statistics and categories of the training rows only", async () => {
    const rows = Array.from({ length: 40 }, (_, i) => `${i},${i % 2}`).join("\n");
    const { train, validation, preprocess } = await open(`a,t\n${rows}\n`, { validation: 0.25, seed: 1 });
    expect([train.count, validation?.count]).toEqual([30, 10]);
    const x = await train.inputs.data();
    expect(Math.abs([...x].reduce((a, b) => a + b))).toBeLessThan(1e-5);
    expect((preprocess as TablePreprocess).columns[0]).not.toMatchObject({ mean: 19.5 });
  });

  it("a folder with a test set, and a test set without targets", async () => {
    const train = "a,c,t\n1,x,p\n3,y,q\n1,x,p\n3,x,q\n";
    const folder = await folderOf({ "train.csv": train, "test.csv": "c,extra,a,t\nz,1,5,q\n" });
    const source = await openData(folder);
    expect(await source.test?.inputs.array()).toEqual([[3, 0, 0]]);
    expect(source.description.join("\n")).toMatch(/test\.csv: column "c": 1 unknown name in 1 row became no category/);
    const blind = await openData(await folderOf({ "train.csv": train, "test.csv": "a,c\n5,x\n" }));
    expect(blind.test).toBeUndefined();
    expect(blind.description.join("\n")).toMatch(/left out: .*test\.csv, which has no column "t"/);
  });

  it("rows without a target not at all, and says so", async () => {
    const source = await open("a,t\n1,x\n2,\n3,y\n");
    expect(source.train.count).toBe(2);
    expect(source.description.join("\n")).toMatch(/left out: 1 row of .*a\.csv without t/);
  });

  it("new rows as the old when told how", async () => {
    const { preprocess } = await open("n,c,t\n1,x,p\n3,y,q\n");
    const source = await open("c,n,t\ny,5,q\n", { preprocess: JSON.parse(JSON.stringify(preprocess)) });
    expect(await rowsOf(source)).toEqual([[3, 0, 1]]);
    expect([...(await source.train.targets.data())]).toEqual([1]);
  });
});

describe("openData refuses a CSV file, with its line and column,", () => {
  const many = Array.from({ length: 20 }, (_, i) => `${i},${i % 2}`).join("\n");
  it.each<[string, string | Uint8Array, RegExp, Parameters<typeof openData>[1]?]>([
    ["that is empty", "", /line 1: the file is empty; add rows/],
    ["without rows", "a,b\n", /line 2: there are no rows/],
    ["with a name twice", "a,b,a\n1,2,3\n", /line 1, column 3: the name "a" is there twice/],
    ["with a short row", "a,b\n1,2\n\n3\n", /line 4: 1 fields between ",", the first line has 2; fix the line or set/],
    ["with a long row", "a,b\n1,2\n3,4,5\n", /line 3: 3 fields/],
    ["with text among numbers", `a,t\n${many}\nx,1\n`, /line 22, column "a": "x" is not a number, and nearly all/],
    [
      "with a number too large",
      `a,t\n${many}\n1e99,1\n`,
      /line 22, column "a": 1e99 is beyond what a network computes with/,
    ],
    ["with text among values", `t,a\n${many}\nx,1\n`, /line 22, column "t": "x" is not a number/, { target: "t" }],
    ["without any target", "a,t\n1,\n2,\n", /line 2, column "t": no row has a value/],
    [
      "of one class",
      "a,t\n1,x\n2,x\n",
      /line 2, column "t": every sample is of the class "x", so there is nothing to tell/,
    ],
    [
      "that tells nothing",
      "a,t\n1,x\n1,y\n",
      /a\.csv: no column is useful to predict t: left out: "a", which is always 1/,
    ],
    ["with names among targets", "a,b,c\n1,x,2\n2,y,3\n", /"b" holds names, and several/, { target: ["a", "b"] }],
    [
      "of names to predict",
      "a,t\n1,x\n2,y\n",
      /line 2, column "t": .* regression needs numbers/,
      { task: "regression" },
    ],
  ])("%s", async (_, csv, message, options) => {
    const opened = open(csv, options);
    await expect(opened).rejects.toThrow(DataError);
    await expect(opened).rejects.toThrow(message);
    await expect(opened).rejects.toThrow(/a\.csv: /);
  });

  it.each<[string, string | Uint8Array, RegExp, number]>([
    [
      "with an open quote",
      'a,b\n1,"x\n2,3\n',
      /line 2: a quote is opened here and not closed; close it, or write a quote inside quotes as ""/,
      5,
    ],
    ["with text after a quote", 'a,b\n1,"x"y\n', /line 2: invalid closing quote/, 5],
    [
      "that is not text",
      Uint8Array.of(97, 44, 98, 10, 0, 44, 255, 10),
      /it is not a table, since it is not text; give a table \(CSV/,
      0,
    ],
  ])("%s", async (_, csv, message, offset) => {
    const opened = open(csv);
    await expect(opened).rejects.toThrow(FormatError);
    await expect(opened).rejects.toThrow(message);
    await expect(opened).rejects.toMatchObject({ offset });
  });

  it("with a class or a text that training does not have", async () => {
    const { preprocess } = await open("n,t\n1,p\n3,q\n");
    await expect(open("n,t\n1,r\n", { preprocess })).rejects.toThrow(
      /line 2, column "t": "r" is not one of the classes/,
    );
    await expect(open("n,t\nx,p\n", { preprocess })).rejects.toThrow(/line 2, column "n": "x" is not a number/);
    await expect(open("m,t\n1,p\n", { preprocess })).rejects.toThrow(/there is no column "n"/);
  });

  it("among others of which none is for training", async () => {
    const folder = await folderOf({ "a.csv": "a,b\n1,2\n", "b.csv": "a,b\n1,2\n" });
    await expect(openData(folder)).rejects.toThrow(
      /there is no table named train among a\.csv, b\.csv; open one of the files/,
    );
  });
});

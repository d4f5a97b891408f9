import { parseHTML } from "linkedom";
import { beforeAll, describe, expect, it } from "vitest";
import type { ClassFindings, Findings } from "../../packages/cli/src/report/data.js";
import { reportHtml } from "../../packages/cli/src/report/page/page.js";
import { CLASSES, classFindings, epochs, HOSTILE, report, valueFindings } from "./support/example.js";

const parse = (html: string): Document => parseHTML(html).document as unknown as Document;
const all = (within: ParentNode, selector: string): Element[] => Array.from(within.querySelectorAll(selector));
const texts = (within: ParentNode, selector: string): string[] => all(within, selector).map((e) => e.textContent ?? "");

let classes: Findings;
let values: Findings;
beforeAll(async () => {
  [classes, values] = [await classFindings(), await valueFindings()];
});

describe("the page of a run that tells classes apart", () => {
  let page: Document;
  beforeAll(() => {
    page = parse(reportHtml(report(classes)));
  });

  it("has its sections in order, each linked", () => {
    const titles = [
      "Learning curves",
      "Classes",
      "Worst mistakes",
      "Network",
      "Weights of the first layer",
      "Weights and gradients",
      "Time of each kernel",
      "Configuration",
      "Environment",
    ];
    expect(texts(page, "h2")).toEqual(titles);
    expect(texts(page, "nav a")).toEqual(titles);
    const targets = all(page, "nav a").map((a) => a.getAttribute("href")?.slice(1));
    expect(targets).toEqual(all(page, "section").map((s) => s.id));
    expect(texts(page, "h1")).toEqual([`run ${HOSTILE}`]);
  });

  it("says of each number in its head of which epoch it is", () => {
    const facts = (found: Partial<Findings>, records = epochs(8)): Record<string, string> => {
      const data = report({ ...classes, accuracy: 0.75, loss: 0.5, ...found });
      const own = parse(reportHtml({ ...data, epochs: records }));
      const [names, numbers] = [texts(own, ".tiles dt"), texts(own, ".tiles dd")];
      return Object.fromEntries(names.map((name, i) => [name, numbers[i]]));
    };
    const better = epochs(8).map((epoch, i) => ({ ...epoch, best: i < 3 }));
    expect(facts({ part: "validation", epoch: 3 }, better)).toMatchObject({
      "validation accuracy, epoch 3 (best)": "75.00%",
      "validation loss, epoch 3 (best)": "0.5",
      "validation accuracy, epoch 8 (last)": "88.75%",
      "validation loss, epoch 8 (last)": "0.2625",
    });
    expect(Object.keys(facts({ part: "test", epoch: 3 }, better)).slice(0, 6)).toEqual([
      "test accuracy, epoch 3 (best)",
      "test loss, epoch 3 (best)",
      "validation accuracy, epoch 3 (best)",
      "validation loss, epoch 3 (best)",
      "validation accuracy, epoch 8 (last)",
      "validation loss, epoch 8 (last)",
    ]);
    expect(Object.keys(facts({ part: "validation", epoch: 8 })).slice(0, 3)).toEqual([
      "validation accuracy, epoch 8 (best and last)",
      "validation loss, epoch 8 (best and last)",
      "parameters",
    ]);
    // Where nobody said whose network it was, nothing is claimed.
    expect(Object.keys(facts({ part: "test" }))).toContain("test accuracy");
  });

  it("allows nothing to be loaded and nothing to run", () => {
    const policy = page.querySelector("meta[http-equiv=Content-Security-Policy]")?.getAttribute("content");
    expect(policy).toBe(
      "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'",
    );
    expect(all(page, "script, link, iframe, object, form")).toEqual([]);
    expect(all(page, "img").every((img) => img.getAttribute("src")?.startsWith("data:image/png;base64,"))).toBe(true);
    const elements = all(page, "*");
    expect(elements.flatMap((e) => e.getAttributeNames()).filter((name) => name.startsWith("on"))).toEqual([]);
    expect(texts(page, "style").join()).not.toMatch(/url\(|@import/);
  });

  it("shows the confusion matrix with its classes", () => {
    const table = page.querySelector("table.confusion") as Element;
    expect(texts(table, "thead th")).toEqual(CLASSES);
    expect(texts(table, "tbody th")).toEqual(CLASSES);
    const numbers = all(table, "tbody tr").map((row) => texts(row, "td").map(Number));
    expect(numbers).toEqual(classes.classes?.confusion);
    expect(all(table, ".right").length + all(table, ".wrong").length).toBe(numbers.flat().filter((n) => n > 0).length);
  });

  it("shows each mistake with its picture and probabilities", () => {
    const found = classes.classes as ClassFindings;
    const cards = all(page, "#mistakes .cards > li");
    expect(cards).toHaveLength(24);
    cards.forEach((card, i) => {
      const { sample, truth, predicted, picture, probabilities } = found.mistakes[i];
      const image = card.querySelector("img");
      expect(image?.getAttribute("src")).toBe(picture?.source);
      expect(image?.getAttribute("alt")).toBe(`sample ${sample}: ${truth}, predicted as ${predicted}`);
      expect(texts(card, "b")).toEqual([truth, predicted]);
      const percent = (p: number) => `${(100 * p).toFixed(2)}%`;
      expect(texts(card, ".chances span:last-child")).toEqual(probabilities.map((p) => percent(p.probability)));
    });
  });

  it("draws the layers with their shapes and parameters", () => {
    const rows = all(page, "table.network tbody tr").map((row) => texts(row, "th, td").slice(1));
    const sizes = (...all: number[]) => all.join("\u2009×\u2009");
    expect(rows.slice(0, 3)).toEqual([
      ["input", sizes(1, 12, 12), ""],
      ["0 conv2d(1, 6, 5), padding 2", sizes(6, 12, 12), "156"],
      ["1 relu()", sizes(6, 12, 12), ""],
    ]);
    expect(rows).toHaveLength(9);
    // More channels are more sheets; features are one column.
    const drawn = all(page, "table.network tbody svg").map((svg) => all(svg, "rect").length);
    expect(drawn).toEqual([1, 4, 4, 4, 1, 1, 1, 1, 1]);
  });

  it("draws values and gradient of every parameter", () => {
    expect(all(page, "#weights figure")).toHaveLength(classes.parameters.length);
    const labels = all(page, "#weights svg").map((svg) => svg.getAttribute("aria-label"));
    expect(labels).toHaveLength(2 * classes.parameters.length);
    expect(labels[0]).toMatch(/^Histogram, 0\.weight: mean and standard deviation /);
    expect(labels[1]).toMatch(/^Histogram, gradient of 0\.weight: /);
    for (const svg of all(page, "#weights svg")) expect(all(svg, "rect").length).toBe(32);
  });

  it("lists kernels, the slowest first, and says how many more there are", () => {
    const rows = all(page, "#times tbody tr");
    expect(rows).toHaveLength(20);
    const slowest = classes.times.reduce((a, b) => (b.microseconds > a.microseconds ? b : a));
    expect(texts(rows[0], "th")).toEqual([slowest.name]);
    expect(texts(page, "#times tfoot th")).toEqual([`${classes.times.length - 20} more`]);
  });

  it("draws loss, accuracy and learning rate, and has them in numbers", () => {
    const labels = all(page, "#curves svg").map((svg) => svg.getAttribute("aria-label") ?? "");
    expect(labels[0]).toMatch(/^Loss\. training: 2 in epoch 1, 0\.25 in epoch 8; validation: 2\.1 in epoch 1/);
    expect(labels[1]).toMatch(/^Accuracy\. training: 50\.00% in epoch 1, 93\.75% in epoch 8; validation: 45\.00%/);
    expect(labels[2]).toMatch(/^Learning rate\. learning rate: 0\.01 in epoch 1, 0\.002097 in epoch 8$/);
    expect(all(page, "#curves tbody tr")).toHaveLength(8);
    expect(texts(all(page, "#curves tbody tr")[1], "th, td")).toEqual([
      ...["2", "1", "75.00%", "1.05", "70.00%", "0.008", "1.5 s"],
    ]);
    const marked = all(page, "#curves tbody th").map((cell) => cell.textContent);
    expect(marked.filter((text) => text?.includes("best"))).toHaveLength(1);
  });

  it("has every setting of the configuration", () => {
    const rows = new Map(all(page, "#configuration tbody tr").map((r) => texts(r, "th, td") as [string, string]));
    expect(rows.get("learning rate")).toBe("0.01");
    expect(rows.get("model source")).toBe(`export default "${HOSTILE}";`);
    expect(rows.get("data")).toHaveLength(161);
    expect(rows.has("learning rate schedule")).toBe(false);
    expect(JSON.parse(texts(page, "#configuration pre")[0])).toMatchObject({ data: { classes: CLASSES } });
  });

  it("names every table's columns, and every picture", () => {
    for (const cell of all(page, "th")) expect(["row", "col"]).toContain(cell.getAttribute("scope"));
    for (const image of all(page, "img")) expect(image.getAttribute("alt")).toBeTruthy();
    for (const svg of all(page, "svg")) {
      expect(svg.getAttribute("role") === "img" ? svg.getAttribute("aria-label") : "hidden").toBeTruthy();
    }
  });

  it("is the same for the same data", () => expect(reportHtml(report(classes))).toBe(reportHtml(report(classes))));
});

describe("the page of a run that predicts values", () => {
  it("has predictions against truth and residuals in place of classes", () => {
    const page = parse(reportHtml(report(values)));
    expect(texts(page, "h2").slice(1, 4)).toEqual(["Predicted values", "Worst mistakes", "Network"]);
    expect(texts(page, "#values h3")).toEqual([HOSTILE, "rooms"]);
    const [scatter, residuals] = all(page, "#values svg");
    expect(scatter.getAttribute("aria-label")).toMatch(/^Predicted against true .* of 300 samples; R² is /);
    expect(all(scatter, "circle")).toHaveLength(300);
    expect(residuals.getAttribute("aria-label")).toMatch(/^Residuals of /);
    expect(all(page, "#mistakes .cards > li")).toHaveLength(16);
    expect(page.querySelector("table.confusion")).toBeNull();
  });
});

describe("a page", () => {
  it("leaves out what is not there", () => {
    const bare = parse(reportHtml({ title: "bare", epochs: [] }));
    expect([texts(bare, "h1"), texts(bare, "h2")]).toEqual([["bare"], []]);
    const curves = parse(
      reportHtml({
        title: "curves",
        epochs: epochs(1).map(({ epoch, loss, best }) => ({ epoch, loss, best, losses: [] })),
      }),
    );
    expect(texts(curves, "h2")).toEqual(["Learning curves"]);
    expect(texts(curves, "figcaption")).toEqual(["Loss"]);
  });

  it("draws what is finite of losses that are not", () => {
    const broken = epochs(3).map((e) => ({ ...e, loss: e.epoch === 2 ? Number.NaN : e.loss, losses: [] }));
    const page = parse(reportHtml({ title: "broken", epochs: broken }));
    expect(texts(page, "#curves tbody tr:nth-child(2) td")[0]).toBe("–");
    expect(page.documentElement.outerHTML).not.toMatch(/NaN|Infinity|undefined/);
    const nothing = parse(
      reportHtml({ title: "nothing", epochs: [{ epoch: 1, loss: Number.NaN, best: false, losses: [] }] }),
    );
    expect(all(nothing, "#curves svg")).toEqual([]);
  });

  it("uses a logarithmic axis where losses differ widely, and says so", () => {
    const steep = epochs(3).map((e) => ({ ...e, loss: 10 ** -e.epoch, losses: [] }));
    expect(texts(parse(reportHtml({ title: "", epochs: steep })), "figcaption")[0]).toBe("Loss, logarithmic");
  });

  it("shows many classes as a picture, a pixel for each pair", () => {
    const many = 40;
    const confusion = Array.from({ length: many }, (_, i) =>
      Array.from({ length: many }, (_, j) => Number(i === j || j === 3)),
    );
    const qualities = confusion.map((_, i) => ({ name: `class ${i}`, precision: 1, recall: 1, f1: 1, support: 2 }));
    const findings: Findings = { ...classes, classes: { confusion, qualities, brier: 1, wrong: 39, mistakes: [] } };
    const page = parse(reportHtml(report(findings)));
    expect(page.querySelector("table.confusion")).toBeNull();
    expect(page.querySelector("img.matrix")?.getAttribute("alt")).toBe(
      "Confusion matrix of 40 classes, one pixel for each pair",
    );
    expect(texts(page, "#classes .note")[1]).toMatch(
      /^Most often confused: class 0 predicted as class 3 \(1, 50\.00%\); /,
    );
  });

  it("stays small", () => expect(reportHtml(report(classes)).length).toBeLessThan(300_000));
});

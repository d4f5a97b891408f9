// Networks are built in the picture: by mouse alone, by keyboard alone, by touch.

import { describe, expect, test } from "vitest";
import { numberFrom } from "../../../packages/cli/src/text/numbers.js";
import { KINDS, type KindName, settingsOf } from "../../../studio/src/engine/layers.js";
import { fullSpeed, goTo, heads, kinds, numberOf, open, playUntil, press, TIMEOUT, useSite } from "./page.js";

const site = useSite();

const isGood = () => Number(document.getElementById("test-accuracy")?.getAttribute("value")) >= 0.9;
const SOLVER = "linear-8_tanh_linear-8_tanh_linear-2";

describe("the spiral is solved from an empty network", () => {
  test("by mouse alone", { timeout: TIMEOUT }, async () => {
    const { page, problems } = await open("#data=spiral&noise=0&seed=2");
    for (let i = 0; i < 5; i++) await removeLast();
    async function removeLast(): Promise<void> {
      const count = await heads(page).count();
      await heads(page).last().click();
      await press(page, `Remove layer ${count}`);
    }
    expect(await heads(page).count()).toBe(0);
    for (const [i, kind] of ["linear", "tanh", "linear", "tanh", "linear"].entries()) {
      await press(page, `Add a layer at position ${i + 1}`);
      await page.getByRole("dialog", { name: "Which layer?" }).getByRole("button", { name: kind, exact: true }).click();
      expect(await heads(page).count()).toBe(i + 1);
    }
    // The size stands below the column.
    for (let i = 8; i > 2; i--) await press(page, "Units, Layer 5: linear: less");
    expect(new URL(page.url()).hash).toContain(`net=${SOLVER}`);
    await fullSpeed(page);
    await press(page, "Play");
    await page.waitForFunction(isGood, undefined, { timeout: TIMEOUT });
    expect(problems).toEqual([]);
  });

  test("by keyboard alone", { timeout: TIMEOUT }, async () => {
    const { page, problems } = await open("#data=spiral&noise=0&net=");
    const { keyboard } = page;
    const focused = () =>
      page.evaluate(
        () => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent ?? "",
      );
    const tabTo = async (name: string): Promise<void> => {
      for (let i = 0; i < 80 && (await focused()) !== name; i++) await keyboard.press("Tab");
      expect(await focused()).toBe(name);
    };
    await page.locator(".add").first().waitFor();
    for (const [i, kind] of ["linear", "tanh", "linear", "tanh", "linear"].entries()) {
      await tabTo(`Add a layer at position ${i + 1}`);
      await keyboard.press("Enter");
      await page.getByRole("dialog", { name: "Which layer?" }).waitFor();
      // The first kind has the focus; arrow keys lead to the others, around the ends.
      await page.waitForFunction(() => document.activeElement?.textContent === "linear");
      for (let i = 0; i < 40 && (await focused()) !== kind; i++) await keyboard.press("ArrowRight");
      expect(await focused()).toBe(kind);
      await keyboard.press("Enter");
      await page.getByRole("dialog", { name: "Which layer?" }).waitFor({ state: "detached" });
      await page.waitForFunction((at) => document.activeElement?.id === `layer-${at}`, i);
    }
    for (let i = 8; i > 2; i--) {
      await keyboard.press("ArrowDown");
      await page.waitForFunction((units) => location.hash.endsWith(`linear-${units}`), i - 1);
    }
    await keyboard.press("Control+z");
    await page.waitForFunction(() => location.hash.endsWith("linear-3"));
    await keyboard.press("Control+Shift+Z");
    await page.waitForFunction(() => location.hash.endsWith("linear-2"));
    expect(new URL(page.url()).hash).toContain(`net=${SOLVER}`);
    await fullSpeed(page);
    await tabTo("Play");
    await keyboard.press("Enter");
    await page.waitForFunction(isGood, undefined, { timeout: TIMEOUT });
    expect(problems).toEqual([]);
  });

  test("by touch", { timeout: TIMEOUT }, async () => {
    const context = await site().browser.newContext({
      hasTouch: true,
      isMobile: true,
      viewport: { width: 390, height: 844 },
      locale: "en",
    });
    const page = await context.newPage();
    await page.goto(`${site().address}#data=spiral&noise=0&net=linear-2`);
    const tap = (name: string) => page.getByRole("button", { name, exact: true }).tap();
    for (const [i, kind] of ["linear", "tanh", "linear", "tanh"].entries()) {
      await tap(`Add a layer at position ${i + 1}`);
      await page.getByRole("dialog", { name: "Which layer?" }).getByRole("button", { name: kind, exact: true }).tap();
    }
    expect(new URL(page.url()).hash).toContain(`net=${SOLVER}`);
    await fullSpeed(page);
    await tap("Play");
    await page.waitForFunction(isGood, undefined, { timeout: TIMEOUT });
    await context.close();
  });
});

describe("the drawn network", () => {
  test("is reordered by dragging heads, with mouse and keyboard, and its sizes are pressed", async () => {
    const { page, problems } = await open("#net=linear-4_tanh_linear-2");
    await page
      .getByRole("button", { name: "Layer 2, tanh:" })
      .dragTo(page.getByRole("button", { name: "Layer 1, linear:" }));
    expect(await kinds(page)).toEqual(["tanh", "linear", "linear"]);
    await page.getByRole("button", { name: "Layer 1, tanh:" }).press("ArrowRight");
    expect(await kinds(page)).toEqual(["linear", "tanh", "linear"]);
    await page.waitForFunction(() => document.activeElement?.id === "layer-1");
    await press(page, "Units, Layer 1: linear: more");
    expect(page.url()).toContain("net=linear-5_tanh_linear-2");
    await page.getByRole("button", { name: "Layer 2, tanh:" }).press("Delete");
    expect(await kinds(page)).toEqual(["linear", "linear"]);
    expect(problems).toEqual([]);
  });

  test("puts a dragged layer back with Escape, and the focus goes back to what was pressed", async () => {
    const { page, problems } = await open("#net=linear-4_tanh_linear-2");
    const { keyboard, mouse } = page;
    const focused = (id: string) => page.waitForFunction((wanted) => document.activeElement?.id === wanted, id);
    const box = await page.locator("#layer-1").boundingBox();
    if (box === null) throw new Error("the layer is not to be seen");
    await mouse.move(box.x + 10, box.y + 8);
    await mouse.down();
    await mouse.move(box.x + 160, box.y + 8, { steps: 4 });
    await page.locator(".head.dragged").waitFor();
    await keyboard.press("Escape");
    await mouse.up();
    expect(await page.locator(".head.dragged").count()).toBe(0);
    expect(await kinds(page)).toEqual(["linear", "tanh", "linear"]);
    for (const id of ["unit-0-1", "layer-1"]) {
      for (const leave of ["Escape", "Enter"]) {
        await page.locator(`#${id}`).focus();
        await keyboard.press("Enter");
        const close = page.locator(".inspector").getByRole("button", { name: "Close" });
        await close.focus();
        // Escape closes what is in front, and leaves the rest.
        if (leave === "Escape") {
          await page.locator("#add-1").press("Enter");
          await page.getByRole("dialog", { name: "Which layer?" }).waitFor();
          await page.waitForFunction(() => document.activeElement?.textContent === "linear");
          await keyboard.press("Escape");
          await focused("add-1");
          await close.focus();
        }
        await keyboard.press(leave);
        await close.waitFor({ state: "detached" });
        await focused(id);
      }
    }
    for (const next of ["layer-1", "layer-0", "add-0"]) {
      await page.locator(".head").last().press("Delete");
      await focused(next);
    }
    expect(problems).toEqual([]);
  });

  test("and its run stay when the reader skips to the content", async () => {
    const { page } = await open("#net=linear-3_tanh_linear-2");
    await press(page, "One step");
    await page.locator("#position").getByText("steps of this epoch: 1").waitFor();
    const address = page.url();
    await page.locator(".skip").press("Enter");
    await page.waitForFunction(() => document.activeElement?.id === "content");
    expect([page.url(), await page.locator("#position").innerText()]).toEqual([
      address,
      expect.stringContaining("steps of this epoch: 1"),
    ]);
  });

  test("has a menu of layers that keys go through, line by line and to its ends", async () => {
    const { page, problems } = await open("");
    const focused = () => page.evaluate(() => document.activeElement?.textContent || document.activeElement?.id);
    const first = page.locator(".adding .chip").first();
    const pressed = async (key: string) => {
      await page.keyboard.press(key);
      return focused();
    };
    await press(page, "Add a layer at position 2");
    await first.waitFor();
    expect(await focused()).toBe("linear");
    // What each computes is told, and whether it fits.
    await page.getByText("Each unit adds up all inputs").waitFor();
    expect(await pressed("ArrowRight")).toBe("maxout");
    await page.getByText("Each unit is the largest of several weighted sums.").waitFor();
    const below = await pressed("ArrowDown");
    const places = await page
      .locator(".adding .chip")
      .evaluateAll((chips) => chips.map((chip) => [chip.textContent, chip.getBoundingClientRect().top] as const));
    const top = (kind: unknown) => places.find(([name]) => name === kind)?.[1] ?? Number.NaN;
    // The next line down has no other between.
    expect(top(below)).toBe(Math.min(...places.map(([, y]) => y).filter((y) => y > top("maxout") + 1)));
    expect(top(await pressed("ArrowUp"))).toBe(top("maxout"));
    expect(await pressed("End")).toBe(places.at(-1)?.[0]);
    expect(await pressed("ArrowRight")).toBe("linear");
    expect(await pressed("ArrowLeft")).toBe(await pressed("End"));
    expect(await pressed("Home")).toBe("linear");
    await page.getByRole("button", { name: "conv2d" }).hover();
    await page.getByText("It does not fit here.").waitFor();
    expect(await pressed("Escape")).toBe("add-1");
    expect(await page.locator(".adding").count()).toBe(0);
    expect(problems).toEqual([]);
  });

  test("has every kind of layer, with its settings, and says in both languages which do not fit points", async () => {
    const { page, problems } = await open("#net=linear-2");
    for (const kind of Object.keys(KINDS) as KindName[]) {
      await goTo(page, `net=${kind}_linear-2`);
      const head = page.getByRole("button", { name: `Layer 1, ${kind}:` });
      await head.waitFor();
      if ((await head.getAttribute("aria-expanded")) !== "true") await head.click();
      const inspector = page.getByRole("region", { name: `Layer 1: ${kind}` });
      await inspector
        .getByText(/gives \[/)
        .or(page.getByRole("alert").getByText(`Layer 1, ${kind}, does not fit.`))
        .waitFor();
      expect(await inspector.locator("input, select").count(), kind).toBe(Object.keys(settingsOf(kind)).length);
    }
    await goTo(page, "net=conv2d_linear-2");
    await page.getByRole("alert").getByText("It needs maps [channels, rows, columns], but gets [2].").waitFor();
    expect(await page.getByRole("button", { name: "Play" }).isDisabled()).toBe(true);
    await page.getByLabel("Language").selectOption("zh");
    await page
      .getByRole("alert")
      .getByText("第 1 层 conv2d 接不上。 这一层要的是特征图 [通道, 行, 列]，得到的却是 [2]。")
      .waitFor();
    expect(problems).toEqual([]);
  });

  test("and the plane follow what is chosen while nothing trains", async () => {
    const { page } = await open("#data=spiral&net=linear-8_tanh_linear-2");
    await press(page, "One step");
    await page.locator("#position").getByText("steps of this epoch: 1").waitFor();
    const canvas = page.locator(".plane-view canvas");
    const painted = () => canvas.evaluate((plane: HTMLCanvasElement) => plane.toDataURL());
    const changed = (before: string) => expect.poll(painted).not.toBe(before);
    // All that the step had to show is shown.
    await page.waitForTimeout(500);
    for (const toggle of ["Show test data", "Discretize"]) {
      const before = await painted();
      await page.getByLabel(toggle).check();
      await changed(before);
    }
    const before = await painted();
    await page.getByRole("button", { name: "Unit 2 of layer 1, linear" }).click();
    await page.locator("#unit-value").waitFor();
    await changed(before);
    const { x, y } = (await canvas.boundingBox()) ?? { x: 0, y: 0 };
    const inspected = await painted();
    await page.mouse.click(x + 60, y + 60);
    await changed(inspected);
  });

  test("has curves from the first epoch on: one value alone is a dot", async () => {
    const { page } = await open("#data=gauss&batch=60&net=linear-2");
    const steps = 4;
    for (let i = 1; i <= steps; i++) {
      await press(page, "One step");
      await page
        .locator("#position")
        .getByText(i < steps ? `steps of this epoch: ${i}` : "Epochs done: 1;")
        .waitFor();
    }
    /** Whether something has the color of the training curve. */
    const isDrawn = () => {
      const canvas = document.querySelector<HTMLCanvasElement>(".curves canvas");
      const { data = [] } = canvas?.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height) ?? {};
      for (let i = 0; i < data.length; i += 4)
        if (data[i] === 0 && data[i + 1] === 0x79 && data[i + 2] === 0x5a) return true;
      return false;
    };
    await page.waitForFunction(isDrawn);
  });

  test("gets what draws curves with the first of them, and nothing moves", async () => {
    const { page, problems } = await open("#data=gauss&batch=60&net=linear-2");
    await page.locator("#unit-0-0").waitFor();
    const places = () =>
      page
        .locator(".curves > *, .curves .chart > *")
        .evaluateAll((all) => all.filter((one) => !one.matches(".no-loss")).map((one) => one.getBoundingClientRect()));
    const plots = () =>
      page.evaluate(
        () => performance.getEntriesByType("resource").filter(({ name }) => /\/plot-.*\.js$/.test(name)).length,
      );
    const before = await places();
    expect(await plots()).toBe(0);
    await press(page, "One step");
    await page.locator(".curves canvas").waitFor();
    expect(await places()).toEqual(before);
    expect(await plots()).toBe(1);
    expect(problems).toEqual([]);
  });

  test("says it when what draws curves does not come", async () => {
    const { page } = await open("#data=gauss&batch=60&net=linear-2");
    await page.route(/\/plot-.*\.js$/, (route) => route.abort());
    await press(page, "One step");
    await page.getByText("The curves cannot be drawn: a part of the page did not come.").first().waitFor();
    await page.getByLabel("Language").selectOption("zh");
    await page.getByText("无法画出曲线").first().waitFor();
    await page.unroute(/\/plot-.*\.js$/);
  });

  test("from a link with values that do not exist says which", async () => {
    const { page, problems } = await open("#lr=abc&net=foo-8_linear-2");
    await page.getByRole("alert").getByText("values that do not exist here (lr, net)").waitFor();
    await goTo(page, "net=linear-2&then=3*p*0*0.5");
    await page.getByRole("alert").getByText("values that do not exist here (then)").waitFor();
    await goTo(page, "lr=abc&net=foo-8_linear-2");
    await page.getByLabel("Language").selectOption("zh");
    await page.getByRole("alert").getByText("这里没有的取值（lr、net）").waitFor();
    expect(problems).toEqual([]);
  });

  test("without layers says so, in both languages, and nothing pretends to play", async () => {
    const { page, problems } = await open("#net=");
    await page.getByRole("alert").getByText("The network has no layers. Add one with +.").waitFor();
    const play = page.getByRole("button", { name: "Play", exact: true });
    expect([await play.isDisabled(), await page.getByRole("button", { name: "Pause" }).count()]).toEqual([true, 0]);
    await page.getByLabel("Language").selectOption("zh");
    await page.getByText("网络里还没有层。按 + 添加一个。").waitFor();
    expect(problems).toEqual([]);
  });

  test("a unit shows its formula with numbers, and a weight is set by hand, taken back and set again", async () => {
    const { page, problems } = await open("#net=linear-3_tanh_linear-2");
    await page.getByRole("button", { name: "Unit 2 of layer 1, linear" }).click();
    const inspector = page.getByRole("region", { name: "Unit 2 of layer 1, linear" });
    const value = inspector.locator("#unit-value");
    const rows = inspector.locator(".terms tbody tr");
    await value.waitFor();
    const check = async (): Promise<void> => {
      const numbers = await rows.evaluateAll((all) =>
        all.map((row) =>
          Array.from(row.querySelectorAll("td")).map(
            (cell) => cell.querySelector("input")?.value ?? cell.textContent ?? "",
          ),
        ),
      );
      const sum = numbers.reduce((total, cells) => total + numberFrom(cells[2]), 0);
      expect(sum).toBeCloseTo(await numberOf(value), 2);
    };
    expect(await rows.count()).toBe(3);
    await check();
    const before = await numberOf(value);
    const weight = inspector.getByLabel("Weight from x");
    const old = await weight.inputValue();
    await weight.fill("2,5 kg");
    await inspector.getByRole("alert").getByText("number").waitFor();
    await weight.fill("2.5");
    expect(await inspector.getByRole("alert").count()).toBe(0);
    await weight.press("Enter");
    await page.waitForFunction(
      (was) => Number(document.getElementById("unit-value")?.getAttribute("value")) !== was,
      before,
    );
    await check();
    expect(page.url()).toContain("then=0*weight*0*weight*2*2.5");
    await press(page, "Undo");
    await page.waitForFunction(
      (was) => Math.abs(Number(document.getElementById("unit-value")?.getAttribute("value")) - was) < 1e-5,
      before,
    );
    expect(await weight.inputValue()).toBe(old);
    await press(page, "Redo");
    await page.waitForFunction(() => (document.querySelector(".terms .weight") as HTMLInputElement).value === "2.5");
    // An edge leads to its weight.
    const edges = await page.getByRole("img", { name: "Weights as lines" }).boundingBox();
    const [from, to] = [page.locator("#unit--1-1"), page.locator("#unit-0-2")];
    const [a, b] = [await from.boundingBox(), await to.boundingBox()];
    if (a === null || b === null || edges === null) throw new Error("the network is not to be seen");
    const near = 0.85;
    await page.mouse.click(
      a.x + a.width + near * (b.x - a.x - a.width),
      a.y + a.height / 2 + near * (b.y + b.height / 2 - a.y - a.height / 2),
    );
    await page
      .getByRole("region", { name: "Unit 3 of layer 1, linear" })
      .locator("tr.chosen")
      .getByText("y", { exact: true })
      .waitFor();
    // From unit to unit by arrow keys, one stop of the tabulator for each column.
    await from.focus();
    await page.keyboard.press("ArrowRight");
    await page.waitForFunction(() => document.activeElement?.id === "unit-0-1");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.getByRole("region", { name: "Unit 3 of layer 1, linear" }).waitFor({ state: "detached" });
    expect(await page.locator(".unit[tabindex='0']").count()).toBe(4);
    expect(problems).toEqual([]);
  });

  test("a cell of a convolution shows products that add up, a sigmoid its function, softmax its fraction", {
    timeout: TIMEOUT,
  }, async () => {
    const { page, problems } = await open("#data=digits&net=conv2d-2-3-1-0_flatten_linear-10_sigmoid_softmax");
    await page.getByRole("button", { name: "Unit 1 of layer 1, conv2d" }).click();
    for (const name of ["input", "kernel", "products"])
      await page.getByRole("img", { name: `${name}, as colored squares` }).waitFor();
    const value = await numberOf(page.locator("#unit-value"));
    await page.getByRole("button", { name: "feature maps: cell 14, 14" }).press("ArrowUp");
    await page.getByRole("button", { name: "feature maps: cell 13, 14" }).waitFor();
    await page.waitForFunction(
      (was) => Number(document.getElementById("unit-value")?.getAttribute("value")) !== was,
      value,
    );
    await page.getByRole("button", { name: "Unit 1 of layer 4, sigmoid" }).click();
    await page.getByText(/^1 \/ \(1 \+ e\^−\(/).waitFor();
    await page.getByRole("button", { name: "Unit 1 of layer 5, softmax" }).click();
    await page.getByText(/^e\^0\.\d+ \/ \(e\^/).waitFor();
    expect(problems).toEqual([]);
  });

  test("enlarges the unit that the pointer is on", async () => {
    const { page } = await open("");
    await page.getByRole("button", { name: "Unit 2 of layer 1, linear" }).hover();
    await page.locator(".enlarged canvas").waitFor();
    expect((await page.locator(".enlarged canvas").boundingBox())?.width).toBe(160);
    await page.mouse.move(5, 5);
    await page.locator(".enlarged").waitFor({ state: "detached" });
    // What is pressed is told by the inspector, and nothing covers the network any longer, not even another unit that came
    // to lie under the pointer; the inspector's heading is one line.
    await page.locator("#unit-0-3").click();
    await page.locator(".inspector").waitFor();
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
    expect(await page.locator(".enlarged").count()).toBe(0);
    await page.locator("#unit-0-3").click();
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByRole("button", { name: "Unit 2 of layer 1, linear" }).click();
    const inspector = page.getByRole("region", { name: "Unit 2 of layer 1, linear" });
    await inspector.waitFor();
    expect(await page.locator(".enlarged").count()).toBe(0);
    const [close, title] = [
      await inspector.getByRole("button", { name: "Close" }).boundingBox(),
      await inspector.getByRole("heading").boundingBox(),
    ];
    if (close === null || title === null) throw new Error("the inspector has no heading");
    expect(close.y).toBeLessThan(title.y + title.height);
    expect(close.y + close.height).toBeGreaterThan(title.y);
  });

  test("regression, more inputs and levels train too", { timeout: TIMEOUT }, async () => {
    const { page, problems } = await open("");
    await page.getByRole("button", { name: "Hills and hollows" }).click();
    await page.getByRole("img", { name: "The plane, colored by the output" }).waitFor();
    await playUntil(page, 5);
    expect([await page.locator("#test-loss").count(), await page.locator("#test-accuracy").count()]).toEqual([1, 0]);
    expect(await page.getByLabel("Loss function").locator("option").allInnerTexts()).toEqual([
      "Mean squared error",
      "Huber",
      "Mean absolute error",
    ]);
    await page.getByLabel("Show test data").check();
    await page.getByLabel("Discretize").check();
    await goTo(page, "data=xor&input=levels&net=embedding-16-4_flatten_linear-2");
    await playUntil(page, 5);
    expect(problems).toEqual([]);
  });
});

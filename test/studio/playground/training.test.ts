// Trainings in the page: bits, going back, changes on the way, undo, faults that were there once.
import type { Page } from "playwright-core";
import { describe, expect, onTestFinished, test } from "vitest";
import { importOnnx } from "../../../packages/onnx/src/index.js";
import { ISOLATED, serveFolder } from "../../support/static-server.js";
import { withCores } from "../site.js";
import { done, download, goTo, numberOf, open, playUntil, press, steps, TIMEOUT, useSite } from "./page.js";

const site = useSite();

/** The greatest epoch of the drawn curves: the page keeps them as data of its chart's legend. */
const standing = (page: Page, epochs: number): Promise<void> =>
  page
    .locator("#position")
    .getByText(`Epochs done: ${epochs.toLocaleString("en")};`)
    .waitFor();

describe("a training", () => {
  test("plays, steps, goes back, and gives the same run from a shared link, with threads or without", {
    timeout: TIMEOUT,
  }, async () => {
    const net = "linear-8_relu_dropout-0.25-elements-training_linear-2";
    // All points in one batch: a step is an epoch.
    const { page, problems } = await open(`#data=spiral&seed=7&l2=0.001&batch=200&net=${net}`);
    await steps(page, 4);
    const loss = await numberOf(page.locator("#loss"));
    expect(loss).toBeGreaterThan(0);
    await press(page, "Back an epoch");
    await standing(page, 3);
    expect(await numberOf(page.locator("#loss"))).not.toBe(loss);
    await page.getByLabel("Epoch shown").fill("2");
    await standing(page, 2);
    await steps(page, 4);
    expect(await numberOf(page.locator("#loss"))).toBe(loss);
    // The rate is changed in mid-run: that is part of the run, and of its link.
    await page.getByRole("spinbutton", { name: "Learning rate" }).press("ArrowDown");
    await page.waitForFunction(() => location.hash.includes("then=4*lr*0.02"));
    await steps(page, 6);
    const changed = await numberOf(page.locator("#loss"));
    await press(page, "Play");
    await page.getByRole("img", { name: "The plane" }).waitFor();
    await press(page, "Pause");

    for (const [headers, cores, threads] of [
      [{}, 4, "1 thread"],
      [ISOLATED, 4, "3 threads"],
    ] as const) {
      const { address, close } = await serveFolder(await withCores(site().folder, cores), headers);
      onTestFinished(close);
      const shared = await open(new URL(page.url()).hash, address);
      await steps(shared.page, 4);
      expect(await numberOf(shared.page.locator("#loss"))).toBe(loss);
      await steps(shared.page, 6);
      expect(await numberOf(shared.page.locator("#loss"))).toBe(changed);
      expect(await shared.page.locator(".standing-threads").innerText()).toBe(threads);
      expect(shared.problems).toEqual([]);
    }
    expect(problems).toEqual([]);
  });

  test("goes back by exactly one epoch, however long it is, and scrubbing keeps the curves", {
    timeout: TIMEOUT,
  }, async () => {
    const { page } = await open("#data=gauss&batch=200&net=linear-2");
    await playUntil(page, 120);
    const end = await done(page);
    const loss = await numberOf(page.locator("#loss"));
    await press(page, "Back an epoch");
    await standing(page, end - 1);
    const scrub = page.getByLabel("Epoch shown");
    expect(await scrub.getAttribute("max")).toBe(String(end));
    await scrub.fill("40");
    await standing(page, 40);
    expect(await numberOf(page.locator("#epoch"))).toBe(40);
    await scrub.fill(String(end));
    await standing(page, end);
    expect(await numberOf(page.locator("#loss"))).toBe(loss);
    expect(await scrub.getAttribute("max")).toBe(String(end));
  });

  test("that was left tells nothing to the next: six resets in full run begin with nothing", {
    timeout: TIMEOUT,
  }, async () => {
    const { page, problems } = await open("#data=circle&net=linear-8_tanh_linear-2");
    for (let i = 0; i < 6; i++) {
      await press(page, "Play");
      await page.locator("#loss").waitFor();
      await page.waitForTimeout(15 * (i % 4));
      if (i % 2 === 0) await press(page, "Reset");
      else await page.getByRole("spinbutton", { name: "Seed" }).press("ArrowUp");
      await page.getByRole("button", { name: "Play", exact: true }).waitFor();
      // As long as replies take that were still on their way.
      await page.waitForTimeout(60);
      expect(await done(page)).toBe(0);
      expect(await page.locator("#loss").count()).toBe(0);
      expect(await page.getByLabel("Epoch shown").count()).toBe(0);
    }
    expect(problems).toEqual([]);
  });

  test("that a change would lose comes back with undo, to the last bit, and goes again with redo", {
    timeout: TIMEOUT,
  }, async () => {
    const { page, problems } = await open("#data=circle&batch=200&net=linear-4_tanh_linear-2");
    await steps(page, 5);
    const loss = await numberOf(page.locator("#loss"));
    const address = page.url();
    await press(page, "Units, Layer 1: linear: more");
    await standing(page, 0);
    await press(page, "Reset");
    expect(page.url()).not.toBe(address);
    await press(page, "Undo");
    await press(page, "Undo");
    await standing(page, 5);
    expect([page.url(), await numberOf(page.locator("#loss"))]).toEqual([address, loss]);
    await steps(page, 6);
    const next = await numberOf(page.locator("#loss"));
    await press(page, "Redo");
    await standing(page, 0);
    expect(page.url()).toContain("net=linear-5");
    await press(page, "Undo");
    await standing(page, 6);
    expect(await numberOf(page.locator("#loss"))).toBe(next);
    // Another change ends what could be done again.
    await page.getByRole("button", { name: "Two clouds" }).click();
    expect(await page.getByRole("button", { name: "Redo" }).isDisabled()).toBe(true);
    expect(problems).toEqual([]);
  });

  test("takes other rates, penalties and dropout on the way, one undo for each", { timeout: TIMEOUT }, async () => {
    const { page, problems } = await open("#data=circle&batch=200&net=linear-8_tanh_dropout-0.5_linear-2");
    await steps(page, 2);
    await page.getByRole("spinbutton", { name: "L² penalty" }).press("ArrowUp");
    await page.getByRole("button", { name: "Layer 3, dropout:" }).click();
    await page.getByRole("spinbutton", { name: "Drop probability" }).press("ArrowDown");
    await page.getByRole("spinbutton", { name: "Learning rate" }).fill("0.5");
    await page.getByRole("spinbutton", { name: "Learning rate" }).press("Enter");
    await page.waitForFunction(
      () =>
        location.hash.endsWith("then=2*l2*0.00001_2*p*2*0.45_2*lr*0.5") ||
        location.hash.endsWith("then=2*l2*0.00001_2*p*2*0.45_2*lr*0.5".replace("0.00001", "1e-5")),
    );
    await steps(page, 4);
    await press(page, "Undo");
    await page.waitForFunction(() => location.hash.endsWith("4*lr*0.03"));
    expect(await page.getByRole("spinbutton", { name: "Learning rate" }).inputValue()).toBe("0.03");
    expect(await done(page)).toBe(4);
    expect(problems).toEqual([]);
  });

  test("that diverges says so in both languages, and can go on", { timeout: TIMEOUT }, async () => {
    const { page } = await open("#data=circle&optimizer=sgd&loss=mse&lr=10");
    await press(page, "Play");
    await page
      .getByRole("alert")
      .getByText(/Epoch \d+, step \d+: the loss is (Infinity|NaN)\./)
      .waitFor();
    await page.getByRole("button", { name: "Play", exact: true }).waitFor();
    await page.getByLabel("Language").selectOption("zh");
    await page
      .getByRole("alert")
      .getByText(/第 \d+ 轮第 \d+ 步：损失是(无穷大|非数)|第 \d+ 轮第 \d+ 步：损失是 (无穷大|非数)/)
      .waitFor();
    expect(await page.getByRole("alert").allInnerTexts()).not.toContainEqual(expect.stringMatching(/[a-z]{4}/));
  });

  test("keeps to a pace", { timeout: TIMEOUT }, async () => {
    const { page } = await open("#data=circle&batch=200");
    const pace = page.getByLabel("Pace");
    // At first one at which learning is seen.
    await page.getByText("20 epochs/s").waitFor();
    await pace.fill("4");
    await page.getByText("2 epochs/s").waitFor();
    await press(page, "Play");
    const start = performance.now();
    await page.locator("#loss").waitFor();
    await page.waitForTimeout(1100);
    const epochs = await done(page);
    expect(epochs).toBeLessThanOrEqual(2 + (2 * (performance.now() - start)) / 1000);
  });
});

describe("numbers", () => {
  test("step fittingly, and what is out of range says so and changes nothing", async () => {
    const { page, problems } = await open("");
    const rate = page.getByRole("spinbutton", { name: "Learning rate" });
    await rate.press("ArrowUp");
    await expect.poll(() => rate.inputValue()).toBe("0.05");
    for (let i = 0; i < 3; i++) await rate.press("ArrowDown");
    await expect.poll(() => rate.inputValue()).toBe("0.005");
    const penalty = page.getByRole("spinbutton", { name: "L¹ penalty" });
    await penalty.press("ArrowUp");
    await expect.poll(() => penalty.inputValue()).toBe("0.00001");
    await press(page, "L¹ penalty: less");
    await expect.poll(() => penalty.inputValue()).toBe("0");
    // What is typed stays while other numbers change, and is taken in the end.
    await rate.fill("0.5");
    await page.getByRole("button", { name: "L¹ penalty: more" }).evaluate((button: HTMLElement) => button.click());
    await page.waitForFunction(() => location.hash.includes("l1=0.00001"));
    await expect.poll(() => rate.inputValue()).toBe("0.5");
    await rate.press("Enter");
    await page.waitForFunction(() => location.hash.includes("lr=0.5&"));
    const address = page.url();
    await rate.fill("11");
    await rate.press("Enter");
    await page.getByRole("alert").getByText("From 0 to 10.").waitFor();
    await expect.poll(() => rate.getAttribute("aria-invalid")).toBe("true");
    expect([await rate.inputValue(), page.url()]).toEqual(["11", address]);
    await rate.fill("fast");
    await rate.press("Enter");
    await page.getByText("This is not a number.").waitFor();
    // What was refused goes when something is undone.
    await press(page, "Undo");
    await expect.poll(() => rate.getAttribute("aria-invalid")).toBe("false");
    await expect.poll(() => page.getByText("This is not a number.").count()).toBe(0);
    await press(page, "Redo");
    // A seed is whole; another is not rounded without a word.
    const seed = page.getByRole("spinbutton", { name: "Seed" });
    await seed.fill("1.5");
    await seed.press("Enter");
    await page.getByText("A whole number from 0 to 9,007,199,254,740,991.").waitFor();
    await expect.poll(() => page.url()).toBe(address);
    await rate.fill("0,5");
    await rate.press("Enter");
    await expect.poll(() => rate.inputValue()).toBe("0.5");
    await expect.poll(() => rate.getAttribute("aria-invalid")).toBe("false");
    expect(problems).toEqual([]);
  });
});

describe("a network of convolutions", () => {
  test("learns 95% of the digits, recognizes a drawn one, is exported and loaded", { timeout: 120_000 }, async () => {
    const net =
      "conv2d-6-5-1-2_relu_maxPool2d-2_conv2d-16-5-1-0_relu_maxPool2d-2_flatten_dropout-0.2-elements-training_linear-10";
    const { page, problems } = await open(`#data=digits&net=${net}`);
    await press(page, "Play");
    const isGood = () => Number(document.getElementById("test-accuracy")?.getAttribute("value")) >= 0.95;
    await page.waitForFunction(isGood, undefined, { timeout: 120_000 });
    await press(page, "Pause");
    await page.getByRole("button", { name: "Play", exact: true }).waitFor();
    for (const name of ["Curves of the loss", "Mask of 8 dropout", "Histogram of the gradients of 1 conv2d"]) {
      expect(await page.getByRole("img", { name }).count(), name).toBe(1);
    }
    const maps = page.getByRole("figure", { name: "Kernels" });
    await maps.scrollIntoViewIfNeeded();
    // Pictures go on in another line, rather than be squeezed.
    const squeezed = () =>
      maps
        .locator("canvas")
        .evaluateAll((all) => all.filter((one) => one.clientWidth < Number.parseFloat(one.style.width)).length);
    await expect.poll(squeezed).toBe(0);
    expect(await maps.getByRole("img", { name: "4 conv2d: 16 kernels" }).count()).toBe(1);
    const right = await page.locator(".confusion .right").allTextContents();
    expect(right.reduce((sum, n) => sum + Number(n), 0) / 1000).toBe(await numberOf(page.locator("#test-accuracy")));

    await press(page, "Clear");
    const box = await page.getByRole("img", { name: "Paper to draw on" }).boundingBox();
    if (box === null) throw new Error("the paper is not to be seen");
    const corners = [
      [0.3, 0.24],
      [0.68, 0.22],
      [0.55, 0.5],
      [0.46, 0.82],
    ];
    const move = ([x, y]: number[]) => page.mouse.move(box.x + x * box.width, box.y + y * box.height, { steps: 3 });
    await move(corners[0]);
    await page.mouse.down();
    for (const corner of corners) await move(corner);
    await page.mouse.up();
    await page.locator("#answer").getByText("This is a 7").waitFor();

    const weights = await download(page, "Weights (safetensors)");
    const onnx = await importOnnx(new Uint8Array(await download(page, "Network (ONNX)")));
    expect([...onnx.state().values()].reduce((sum, v) => sum + v.size, 0)).toBeGreaterThan(6000);
    expect(String(await download(page, "Program (TypeScript)"))).toContain("nn.conv2d(1, 6, 5, { padding: 2 })");
    const loss = await numberOf(page.locator("#test-loss"));
    const position = await page.locator("#position").innerText();
    await press(page, "Reset");
    const chooser = page.getByLabel("Load weights");
    await chooser.setInputFiles({ name: "own.safetensors", mimeType: "application/octet-stream", buffer: weights });
    await page.locator("#loaded").waitFor();
    if (position.includes("steps of this epoch: 0 ")) expect(await numberOf(page.locator("#loaded"))).toBe(loss);
    expect(await numberOf(page.locator("#loaded"))).toBeLessThan(0.3);
    await page.locator("#answer").getByText("This is a 7").waitFor();
    await chooser.setInputFiles({
      name: "bad.safetensors",
      mimeType: "application/octet-stream",
      buffer: weights.subarray(9),
    });
    await page.getByRole("alert").getByText("bad.safetensors is not a complete safetensors file.").waitFor();
    await goTo(page, "data=circle&net=linear-2");
    await page.getByRole("button", { name: "Play", exact: true }).waitFor();
    await chooser.setInputFiles({ name: "own.safetensors", mimeType: "application/octet-stream", buffer: weights });
    await page.getByRole("alert").getByText("own.safetensors holds the weights of another network").waitFor();
    await page.getByLabel("Language").selectOption("zh");
    await page.getByRole("alert").getByText("own.safetensors 里是另一个网络的权重").waitFor();
    expect(problems).toEqual([]);
  });
});

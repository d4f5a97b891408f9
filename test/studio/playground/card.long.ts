// A network of convolutions learns digits on a graphics card in the page. Its driver computes on the processor, which takes
// half a minute.
import { expect, test } from "vitest";
import { CARD, open, press, useSite } from "./page.js";

useSite(CARD);
const TIMEOUT = 240_000;

test("a network of convolutions learns on a graphics card", { timeout: TIMEOUT }, async () => {
  const net = "conv2d-4-5-4-2_relu_flatten_linear-10";
  const { page, problems } = await open(`#data=digits&optimizer=adam&lr=0.02&batch=250&device=webgpu&net=${net}`);
  await page.locator(".standing-threads").getByText("graphics card").waitFor({ timeout: TIMEOUT });
  await press(page, "Play");
  const learned = () => Number(document.getElementById("test-accuracy")?.getAttribute("value")) >= 0.7;
  await page.waitForFunction(learned, undefined, { timeout: TIMEOUT });
  expect(problems).toEqual([]);
});

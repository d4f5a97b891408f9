// Measures in a browser how long the front page takes from the click to the first digits and to the trained network:
// `npm run site:times`. CHROMIUM_PATH names another Chromium than Debian's. Nothing else should run meanwhile.
import { openChromium } from "./chromium.mjs";
import { serveSite } from "./site.mjs";

const ROUNDS = 5;
const BUTTON = ".lenet button";

const site = await serveSite();
const { address } = site;
const browser = await openChromium();

/** Milliseconds from the click to the first digits and to the end of training, with empty caches. */
async function once() {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(address, { waitUntil: "networkidle" });
  const times = await page.evaluate(
    (button) =>
      new Promise((done) => {
        const start = performance.now();
        let first = 0;
        new MutationObserver(() => {
          if (first === 0 && document.querySelector(".lenet-digits canvas") !== null) first = performance.now() - start;
          if (first > 0 && document.querySelector(`${button}:not([disabled])`) !== null)
            done([first, performance.now() - start]);
        }).observe(document.querySelector(".lenet"), { subtree: true, childList: true, attributes: true });
        document.querySelector(button).click();
      }),
    BUTTON,
  );
  await context.close();
  return /** @type {[number, number]} */ (times);
}

try {
  /** @type {[number, number][]} */
  const rounds = [];
  for (let i = 0; i < ROUNDS; i++) rounds.push(await once());
  for (const [i, what] of ["first digits", "trained"].entries()) {
    const sorted = rounds.map((times) => times[i] / 1000).sort((a, b) => a - b);
    const [least, median, most] = [sorted[0], sorted[ROUNDS >> 1], sorted[ROUNDS - 1]].map((s) => s.toFixed(2));
    console.log(`${what.padEnd(12)} ${median} s after the click (${least}–${most} s in ${ROUNDS} rounds)`);
  }
} finally {
  await browser.close();
  await site.close();
}

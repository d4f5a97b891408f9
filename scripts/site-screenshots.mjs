// Takes pictures of the site's main pages for review: every width, both themes, both languages.
// `npm run site:screenshots [-- FOLDER]` builds the site first; CHROMIUM_PATH names another Chromium than Debian's.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { openChromium, WINDOWS } from "./chromium.mjs";
import { serveSite } from "./site.mjs";

const folder = process.argv[2] ?? "site-screenshots";
/** The front page, and one page of each kind. */
const PAGES = [
  "",
  "learn/first-network.html",
  "learn/machine-code.html",
  "do/node.html",
  "from/pytorch.html",
  "models.html",
];

const site = await serveSite();
const { address } = site;
const browser = await openChromium();
try {
  await mkdir(folder, { recursive: true });
  for (const [width, height] of WINDOWS) {
    for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
      const page = await browser.newPage({ viewport: { width, height }, colorScheme, reducedMotion: "reduce" });
      for (const language of ["", "zh/"]) {
        for (const path of PAGES) {
          const answer = await page.goto(`${address}${language}${path}`);
          if (answer?.status() !== 200) throw new Error(`${language}${path} is answered with ${answer?.status()}`);
          await page.waitForLoadState("networkidle");
          const name = `${path.replace(/\.html$/, "").replaceAll("/", "-") || "front"}-${width}-${colorScheme}-${language === "" ? "en" : "zh"}`;
          await page.screenshot({ path: join(folder, `${name}.png`) });
        }
      }
      await page.close();
    }
  }
} finally {
  await browser.close();
  await site.close();
}
console.log(`pictures of ${PAGES.length} pages are in ${folder}`);

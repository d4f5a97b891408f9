// Pictures of the studio for the README, in docs/images: serves the built pages, trains in them with fixed seeds, and
// takes every view in the light and the dark theme. `npm run screenshots`; CHROMIUM_PATH names another Chromium than
// Debian's. `npm run screenshots -- --all FOLDER` takes every view at every width, in both themes and languages, for
// review.
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { serveStudio } from "#cli/studio/index.js";
import { openChromium, WINDOWS } from "./chromium.mjs";

const root = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const IMAGES = root("docs/images");
/** Width of the window in CSS pixels; the pictures are three quarters as wide. */
const WIDTH = 1600;
const SCALE = 0.75;
/** Time limit for a training on a busy machine, in milliseconds. */
const PATIENCE = 120_000;

/**
 * Runs of the command line to compare, by name. They show the effect of dropout when there are few digits to learn
 * from.
 */
const RUNS = { plain: ["--dropout", "0"], dropout: ["--dropout", "0.5"] };
const EPOCHS = 20;

/** Each picture: its name, its page, the visible part of the page, and the actions before it is taken. */
const VIEWS = [
  {
    name: "playground-points",
    path: "#data=spiral&noise=0.05&lr=0.05&batch=200&seed=1&net=linear-16_tanh_linear-8_tanh_linear-2",
    height: 1000,
    prepare: (page) => train(page, 300),
  },
  {
    name: "playground-digits",
    path: "#data=digits&seed=1",
    height: 1000,
    prepare: async (page) => {
      await train(page, 564);
      await drawSeven(page);
    },
  },
  {
    name: "notes-dropout",
    path: "notes/dropout/",
    height: 1200,
    prepare: async (page) => {
      await page.getByLabel("Both languages side by side").check();
      const figure = page.getByRole("figure", { name: "Figure 9" });
      for (let i = 1; i <= 20; i++) {
        await figure.getByRole("button", { name: "Train 20 steps" }).click();
        await figure.locator(`[data-reading="steps"][value="${20 * i}"]`).waitFor();
      }
      await figure.getByRole("button", { name: "Network 12:" }).click();
      const average = page.getByRole("figure", { name: "Figure 10" });
      await average.evaluate((element) => element.closest(".topic").scrollIntoView());
    },
  },
  {
    name: "runs",
    path: `runs/#${Object.keys(RUNS)
      .map((run) => `run=${run}`)
      .join("&")}`,
    height: 960,
    prepare: async (page) => {
      const standing = page.locator("#standing");
      for (const run of Object.keys(RUNS)) await standing.getByRole("row", { name: `${run} ${EPOCHS}` }).waitFor();
    },
  },
];

/** Trains so many steps in the playground, one by one, so that the picture always shows the same step. */
const train = (page, steps) => page.evaluate(goSteps, steps);

/** Runs in the page. */
async function goSteps(steps) {
  const button = document.querySelector('button[aria-label="One step"]');
  const position = document.getElementById("position");
  for (let i = 0; i < steps; i++) {
    const before = position.textContent;
    button.click();
    while (position.textContent === before) await new Promise(requestAnimationFrame);
  }
}

async function drawSeven(page) {
  await page.getByRole("button", { name: "Clear", exact: true }).click();
  const paper = await page.getByRole("img", { name: "Paper to draw on" }).boundingBox();
  const at = (x, y) => [paper.x + x * paper.width, paper.y + y * paper.height];
  await page.mouse.move(...at(0.3, 0.24));
  await page.mouse.down();
  for (const corner of [at(0.68, 0.22), at(0.55, 0.5), at(0.46, 0.82)]) await page.mouse.move(...corner, { steps: 8 });
  await page.mouse.up();
  await page.mouse.move(0, 0);
  await page.locator("#answer").getByText("This is a 7").waitFor();
  await page.evaluate(() => scrollTo(0, 0));
}

async function makeRuns(folder) {
  const shared = ["--model", "mlp", "--samples", "2000", "--epochs", String(EPOCHS), "--portable", "--no-report"];
  for (const [name, own] of Object.entries(RUNS)) {
    const command = ["train", "mnist", ...shared, ...own, "--out", join(folder, name)];
    await promisify(execFile)(process.execPath, [root("packages/cli/bin/tidu.js"), ...command]);
  }
}

/** The screen as WebP, which takes a third of the bytes of PNG. */
async function take(page, name, height) {
  const session = await page.context().newCDPSession(page);
  const clip = { x: 0, y: await page.evaluate(() => scrollY), width: WIDTH, height, scale: SCALE };
  const { data } = await session.send("Page.captureScreenshot", { format: "webp", quality: 82, clip });
  await session.detach();
  const bytes = Buffer.from(data, "base64");
  await writeFile(join(IMAGES, `${name}.webp`), bytes);
  console.log(`docs/images/${name}.webp  ${Math.ceil(bytes.length / 1024)} KiB`);
}

/** Every page as first shown, at every width, theme and language. */
async function takeAll(folder) {
  await mkdir(folder, { recursive: true });
  const site = root("packages/cli/dist/studio/site");
  const notes = (await readdir(site, { recursive: true }))
    .filter((file) => /^notes.*index\.html$/.test(file) && !file.includes("dropout"))
    .map((file) => file.replace(/index\.html$/, ""))
    .map((path) => ({ name: path.replaceAll("/", "-").replace(/-$/, ""), path }));
  for (const [width, height] of WINDOWS) {
    for (const colorScheme of ["light", "dark"]) {
      for (const locale of ["en", "zh"]) {
        const page = await browser.newPage({
          viewport: { width, height },
          colorScheme,
          reducedMotion: "reduce",
          locale,
        });
        for (const { name, path } of [...VIEWS, ...notes]) {
          await page.goto("about:blank");
          await page.goto(`${studio.address}${path}`);
          await page.waitForLoadState("networkidle");
          await page.waitForTimeout(500);
          await page.screenshot({ path: join(folder, `${name}-${width}-${colorScheme}-${locale}.png`) });
        }
        await page.close();
      }
    }
  }
}

const all = process.argv.indexOf("--all");
const runs = await mkdtemp(join(tmpdir(), "tidu-screenshots-"));
await mkdir(IMAGES, { recursive: true });
const studio = await serveStudio({ runs });
const browser = await openChromium();
try {
  await makeRuns(runs);
  if (all !== -1) await takeAll(process.argv[all + 1] ?? "screenshots");
  for (const { name, path, height, prepare } of all === -1 ? VIEWS : []) {
    const viewport = { width: WIDTH, height };
    const page = await browser.newPage({ viewport, colorScheme: "light", reducedMotion: "reduce", locale: "en" });
    page.setDefaultTimeout(PATIENCE);
    await page.goto(`${studio.address}${path}`);
    await page.waitForLoadState("networkidle");
    await prepare(page);
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      await page.waitForTimeout(500);
      await take(page, `${name}-${colorScheme}`, height);
    }
    await page.close();
  }
} finally {
  await browser.close();
  await studio.close();
  await rm(runs, { recursive: true });
}

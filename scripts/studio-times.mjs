// Measures how fast the studio is in a browser: `npm run studio:times`. CHROMIUM_PATH names another Chromium than
// Debian's. It measures the first view, the time to answer inputs while the page trains, and drawn frames, from the
// browser's own trace. Workers are told that the machine has 2 cores, then 4. Nothing else should run meanwhile.
import { serveStudio } from "#cli/studio/index.js";
import { openChromium } from "./chromium.mjs";

const CORES = [2, 4];
/** Inputs for each measurement, and the milliseconds between two of them. */
const INPUTS = 40;
const PAUSE = 80;
const PAGES = [
  ["points, 6 layers", "#data=spiral&net=linear-16_tanh_linear-16_tanh_linear-16_linear-2"],
  ["digits, convolutions", "#data=digits"],
];
/** The trace's names for the main thread of a page and for one of its tasks. */
const MAIN = "CrRendererMain";
const TASK = "ThreadControllerImpl::RunTask";

const studio = await serveStudio({ runs: "runs" });
const browser = await openChromium();

/** A page whose workers are told that there are so many cores. */
async function open(path, cores) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: "en" });
  const belief = `Object.defineProperty(navigator, "hardwareConcurrency", { value: ${cores} });\n`;
  await page.route(/\/worker-[^/]*\.js$/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: belief + (await response.text()) });
  });
  await page.goto(studio.address + path);
  await page.locator("#unit-0-0").waitFor();
  return page;
}

/** Milliseconds until the first paint, and until the network was drawn. */
const views = (page) =>
  page.evaluate(() => [performance.getEntriesByName("first-contentful-paint")[0].startTime, performance.now()]);

/**
 * Makes the page record how long the browser takes to show the effect of each input. Times below 16 ms are not
 * recorded.
 */
const noteInputs = (page) =>
  page.evaluate(() => {
    const noted = new Map();
    Object.assign(globalThis, { noted });
    new PerformanceObserver((list) => {
      for (const { interactionId, duration } of list.getEntries())
        if (interactionId > 0) noted.set(interactionId, Math.max(duration, noted.get(interactionId) ?? 0));
    }).observe({ type: "event", durationThreshold: 16 });
  });

const percentile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)];

/**
 * Results of a trace: frames drawn and lost per second, and the processor time of the main thread's tasks, in
 * milliseconds.
 */
function read({ traceEvents }, seconds) {
  const threads = new Map(
    traceEvents
      .filter(({ ph, name }) => ph === "M" && name === "thread_name")
      .map((e) => [`${e.pid} ${e.tid}`, e.args.name]),
  );
  const tasks = new Map();
  for (const { name, pid, tid, tdur = 0 } of traceEvents) {
    if (name !== TASK || threads.get(`${pid} ${tid}`) !== MAIN) continue;
    tasks.set(pid, [...(tasks.get(pid) ?? []), tdur / 1000]);
  }
  // Of the browser's pages, the visible one has by far the most work.
  const [pid, own] = [...tasks].sort(([, a], [, b]) => b.length - a.length)[0];
  const count = (wanted) => traceEvents.filter(({ name, pid: of }) => name === wanted && of === pid).length;
  const busy = own.reduce((sum, ms) => sum + ms, 0) / seconds / 10;
  return {
    drawn: count("DrawFrame") / seconds,
    dropped: count("DroppedFrame") / seconds,
    longest: Math.max(...own),
    busy,
  };
}

/** Frames per second for which the page's own code is called, and those in which it paints a new state of the network. */
const paints = (page) =>
  page.evaluate(async (seconds) => {
    let [frames, changes] = [0, 0];
    // Every picture begins with an empty canvas.
    const context = document.querySelector(".edges canvas").getContext("2d");
    const { clearRect } = context;
    context.clearRect = (...place) => {
      changes++;
      clearRect.apply(context, place);
    };
    const end = performance.now() + 1000 * seconds;
    while (performance.now() < end) {
      await new Promise(requestAnimationFrame);
      frames++;
    }
    context.clearRect = clearRect;
    return [frames / seconds, changes / seconds];
  }, 2);

async function measure(name, path, cores) {
  const page = await open(path, cores);
  const [first, whole] = await views(page);
  await noteInputs(page);
  await page.getByLabel("Pace").press("End");
  await page.getByRole("button", { name: "Play", exact: true }).click();
  await page.locator("#loss").waitFor();
  await browser.startTracing(page, {
    categories: ["toplevel", "devtools.timeline.frame", "disabled-by-default-devtools.timeline.frame"],
  });
  const start = performance.now();
  const pace = page.getByLabel("Pace");
  for (let i = 0; i < INPUTS; i++) {
    await pace.press(i % 2 === 0 ? "ArrowLeft" : "ArrowRight");
    await page.waitForTimeout(PAUSE);
  }
  const seconds = (performance.now() - start) / 1000;
  const trace = JSON.parse(String(await browser.stopTracing()));
  const noted = await page.evaluate(() => [...globalThis.noted.values()]);
  const all = [...noted, ...new Array(Math.max(0, INPUTS - noted.length)).fill(16)].sort((a, b) => a - b);
  const [animation, shown] = await paints(page);
  const found = read(trace, seconds);
  const threads = await page.locator(".standing-threads").innerText();
  const numbers = [first, whole, percentile(all, 0.5), percentile(all, 0.95), found.longest];
  const rates = [found.drawn, found.dropped, animation, shown, found.busy];
  console.log(row(name, cores, threads, ...[...numbers, ...rates].map((x) => x.toFixed(x < 10 ? 1 : 0))));
  await page.close();
}

const WIDTHS = [22, 6, 11, 7, 7, 6, 6, 6, 7, 7, 7, 7, 7];
const row = (...cells) =>
  cells.map((cell, i) => (i === 0 ? String(cell).padEnd(WIDTHS[i]) : String(cell).padStart(WIDTHS[i]))).join("");

console.log(
  row("page", "cores", "threads", "view", "whole", "p50", "p95", "task", "drawn", "lost", "called", "shown", "busy"),
);
try {
  for (const cores of CORES) for (const [name, path] of PAGES) await measure(name, path, cores);
} finally {
  await browser.close();
  await studio.close();
}

// Starts Chromium, and opens pages that note their errors.
import { execFile } from "node:child_process";
import { access, constants } from "node:fs/promises";
import { promisify } from "node:util";
import { type Browser, chromium, type Page } from "playwright-core";

const PLACES = [
  process.env.CHROMIUM_PATH,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

/**
 * What Playwright turns off, since of two lists Chromium takes the last, and the pages that Chromium has below its own address bar:
 * with each window it would start them, which takes longer than the window and a page in it.
 */
const FEATURES_OFF = [
  ...["AvoidCorsURLLoaderRestartOnRedirect", "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose"],
  ...["HttpsFirstBalancedModeAutoEnable", "HttpsUpgrades", "LensOverlay", "MediaRouter", "NetworkTimeServiceQuerying"],
  ...["OptimizationHints", "PaintHolding", "PreconnectToSearch", "ThirdPartyStoragePartitioning", "AimEnabled"],
  ...["WebUIOmniboxPopup", "WebUIOmniboxAimPopup"],
];

/** The machine is shared and has no display, and Chromium must fetch nothing but the page itself. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  `--disable-features=${FEATURES_OFF.join()}`,
];

const isExecutable = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );

async function findChromium(): Promise<string | undefined> {
  for (const path of PLACES) if (path !== undefined && (await isExecutable(path))) return path;
  return undefined;
}

/** Installs Chromium where no question is needed: as root on a machine with apt. */
async function installChromium(): Promise<void> {
  if (process.getuid?.() !== 0 || !(await isExecutable("/usr/bin/apt-get"))) return;
  const apt = (...args: string[]) => promisify(execFile)("apt-get", ["-o", "DPkg::Lock::Timeout=300", ...args]);
  // Another test file may be doing the same. If the package lists are in use, it is updating them; the installation
  // itself waits.
  await apt("update").catch(() => {});
  await apt("install", "-y", "--no-install-recommends", "chromium").catch(() => {});
}

/**
 * Starts Chromium with an empty profile of its own. If it is missing, it is installed first where possible.
 *
 * @param flags more of its command line.
 */
export async function openBrowser(flags: readonly string[] = []): Promise<Browser> {
  await hasBrowser();
  const executablePath = await findChromium();
  if (executablePath === undefined) {
    throw new Error(
      "these tests need Chromium: install it (Debian and Ubuntu: apt-get install chromium) or set CHROMIUM_PATH to it",
    );
  }
  return chromium.launch({ executablePath, args: [...FLAGS, ...flags] });
}

/** Whether Chromium can be opened. If it is missing, it is installed first where possible. */
export async function hasBrowser(): Promise<boolean> {
  if ((await findChromium()) === undefined) await installChromium();
  return (await findChromium()) !== undefined;
}

/** Time for `openBrowser` with an installation, in milliseconds. */
export const OPENING = 300_000;

/** Opens an address in a new page and collects its errors. A request to any other host is an error. */
export async function openPage(browser: Browser, address: string): Promise<{ page: Page; problems: string[] }> {
  const page = await browser.newPage();
  const problems: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) problems.push(message.text());
  });
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("request", (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol !== "blob:" && origin !== new URL(address).origin) problems.push(`asks for ${request.url()}`);
  });
  await page.goto(address);
  return { page, problems };
}

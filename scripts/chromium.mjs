// Starts the browser for screenshots and time measurements, and lists the window sizes for looking at pages.
import { chromium } from "playwright-core";

/** Debian's Chromium, or the one at CHROMIUM_PATH. */
export const openChromium = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu"],
  });

/** A phone, a tablet, a laptop and a large screen: [width, height] in CSS pixels. */
export const WINDOWS = [
  [390, 844],
  [820, 1180],
  [1440, 900],
  [2560, 1440],
];

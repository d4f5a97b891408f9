// What has to be scrolled sideways in a page that is as wide as a phone or a tablet.
import type { Page } from "playwright-core";

const WIDTHS = [390, 820];

/** The page itself and whatever in it scrolls by itself, if there is more than is seen. */
export async function sideways(page: Page, widths: readonly number[] = WIDTHS): Promise<unknown[]> {
  const found: unknown[] = [];
  for (const width of widths) {
    await page.setViewportSize({ width, height: 844 });
    const wide = await page.evaluate(() =>
      Array.from(document.querySelectorAll("*"))
        .filter((own) => own === document.documentElement || /auto|scroll/.test(getComputedStyle(own).overflowX))
        .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
        .map(({ scrollWidth, clientWidth, textContent }) => [scrollWidth, clientWidth, textContent?.slice(0, 80)]),
    );
    if (wide.length > 0) found.push([width, wide]);
  }
  return found;
}

// What has to be scrolled sideways in a page that is as wide as a phone or a tablet.
import type { Page } from "playwright-core";

const WIDTHS = [390, 820];

/** The page itself and its tables, whose words can wrap. Drawings may be wider than a phone. */
export async function sideways(page: Page): Promise<unknown[]> {
  const found: unknown[] = [];
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 844 });
    const wide = await page.evaluate(() =>
      [document.documentElement, ...Array.from(document.querySelectorAll(":has(> table)"))]
        .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
        .map(({ scrollWidth, textContent }) => [scrollWidth, textContent?.slice(0, 80)]),
    );
    if (wide.length > 0) found.push([width, wide]);
  }
  return found;
}

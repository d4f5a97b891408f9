// Whether what is written in the drawings of the notes can be read: no line, outline or other label goes through it.
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import chapters from "../../../studio/src/notes/chapters.words.js";
import { OPENING, openPage } from "../../support/browser.js";
import { openSite, type Site } from "../site.js";

/** Milliseconds for an answer of a page, on a machine that may be busy. */
const SOON = 20_000;
const TIMEOUT = 60_000;
let site: Site;
beforeAll(async () => {
  site = await openSite();
}, OPENING);
afterAll(() => site.close());

/** Labels that something else of their drawing goes through. Runs in the page. */
function struck(): string[] {
  /** Pixels that letters leave free at the edges of their box. */
  const EDGE = 1.5;
  const found = new Set<string>();
  const clear = (paint: string): boolean => paint === "none" || /, 0\)$/.test(paint);
  const isSeen = (own: Element): boolean => {
    const { opacity, visibility, stroke, fill } = getComputedStyle(own);
    return visibility === "visible" && Number(opacity) > 0 && !(clear(stroke) && clear(fill));
  };
  /** Where letters are in their box: they are lower than their line. */
  const lettersOf = (text: Element): DOMRect => {
    const { left, top, width, height } = text.getBoundingClientRect();
    return new DOMRect(left + EDGE, top + 0.2 * height, width - 2 * EDGE, 0.58 * height);
  };
  const meets = (a: DOMRect, b: DOMRect): boolean =>
    a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  const holds = (a: DOMRect, b: DOMRect): boolean =>
    a.left <= b.left && a.right >= b.right && a.top <= b.top && a.bottom >= b.bottom;
  const isBefore = (a: Element, b: Element): boolean => (a.compareDocumentPosition(b) & 4) !== 0;
  for (const drawing of Array.from(document.querySelectorAll<SVGSVGElement>("main svg"))) {
    const title = drawing.closest("figure, section")?.querySelector("h3, h2")?.textContent ?? "";
    const texts = Array.from(drawing.querySelectorAll("text")).filter((text) => text.textContent?.trim());
    const shapes = Array.from(drawing.querySelectorAll<SVGGeometryElement>("line, path, circle, rect, polyline"))
      .filter((shape) => shape.closest("clipPath") === null && isSeen(shape))
      .map((shape) => ({ shape, box: shape.getBoundingClientRect() }));
    const clip = drawing.querySelector<SVGGraphicsElement>("clipPath > rect");
    const [frame, toPage] = [clip?.getBBox(), drawing.getScreenCTM()];
    const isCut = ({ x, y }: DOMPoint): boolean =>
      frame !== undefined && (x < frame.x || y < frame.y || x > frame.x + frame.width || y > frame.y + frame.height);
    for (const text of texts) {
      const letters = lettersOf(text);
      // What lies below a ground of the text's own is not to be seen there.
      const ground = shapes.findLast(
        ({ shape, box }) => isBefore(shape, text) && !clear(getComputedStyle(shape).fill) && holds(box, letters),
      );
      for (const { shape, box } of shapes) {
        // An outline may be wider than the box around it, and a level line has none.
        const around = new DOMRect(box.left - 1, box.top - 1, box.width + 2, box.height + 2);
        if (!meets(around, letters) || (ground !== undefined && isBefore(shape, ground.shape))) continue;
        const own = shape.getScreenCTM();
        const isClipped = shape.closest("[clip-path]") !== null;
        const length = shape.getTotalLength();
        for (let at = 0; own !== null && at <= length; at += 1) {
          const point = shape.getPointAtLength(at);
          const { x, y } = point.matrixTransform(own);
          if (isClipped && toPage !== null && isCut(new DOMPoint(x, y).matrixTransform(toPage.inverse()))) continue;
          if (!holds(letters, new DOMRect(x, y, 0, 0))) continue;
          found.add(`${title}: ${text.textContent} on ${shape.tagName}.${shape.getAttribute("class")}`);
          break;
        }
      }
      for (const other of texts) {
        if (isBefore(text, other) && meets(letters, lettersOf(other)))
          found.add(`${title}: ${text.textContent} on ${other.textContent}`);
      }
    }
  }
  return [...found];
}

/** All weights of the chain rule's figure, one after the other, so that each of its edges is lit once. */
async function everyWeight(page: Page): Promise<string[]> {
  const choice = page.getByRole("combobox").nth(2);
  const weights = await choice
    .locator("option")
    .evaluateAll((all) => all.map((own) => (own as HTMLOptionElement).value));
  const found: string[] = [];
  for (const weight of weights) {
    await choice.selectOption(weight);
    found.push(...(await page.evaluate(struck)));
  }
  return found;
}

test.each(Object.keys(chapters).filter((chapter) => chapter !== "glossary"))(
  "no label of the drawings of %s is struck out",
  async (chapter) => {
    const { page, problems } = await openPage(site.browser, `${site.address}notes/${chapter}/`);
    for (const language of ["en", "zh"]) {
      await page.locator(".bar select").first().selectOption(language);
      for (const width of [390, 1440]) {
        await page.setViewportSize({ width, height: 900 });
        await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null);
        // What is folded is read too.
        await page.evaluate(() => {
          for (const folded of Array.from(document.querySelectorAll("details"))) folded.open = true;
        });
        // A drawing takes its new size a moment later.
        const look = () => (chapter === "backpropagation" ? everyWeight(page) : page.evaluate(struck));
        await expect.poll(look, { message: `${language}, ${width}`, timeout: SOON }).toEqual([]);
      }
    }
    await page.close();
    expect(problems).toEqual([]);
  },
  TIMEOUT,
);

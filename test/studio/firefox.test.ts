// Every page in Firefox, for a short while. Skipped, with a line, where there is none.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pagesIn } from "../../studio/pages.js";
import { OPENING } from "../support/browser.js";
import { Firefox, findFirefox } from "../support/firefox.js";
import { useSite } from "./playground/page.js";

const path = await findFirefox();
if (path === undefined)
  console.log("these tests are skipped without Firefox: apt-get install firefox-esr, or FIREFOX_PATH");

describe.skipIf(path === undefined)("in Firefox", () => {
  const site = useSite();
  let firefox: Firefox;
  beforeAll(async () => {
    firefox = await Firefox.start(path as string);
  }, OPENING);
  afterAll(() => firefox.close());

  test("the playground trains, steps and answers", { timeout: 60_000 }, async () => {
    await firefox.open(site().address);
    await firefox.until("document.querySelectorAll('.unit').length > 10");
    await firefox.value("document.querySelector('.play-buttons .main').click()");
    await firefox.until("Number(document.querySelector('#epoch')?.getAttribute('value')) >= 5");
    await firefox.value("document.querySelector('#unit-0-0').click()");
    await firefox.until("document.querySelector('#unit-value') !== null");
    expect(await firefox.value("document.querySelector('.trouble').textContent")).toBe("");
  });

  test("letters of drawings are as large as elsewhere, whatever the drawing's size", { timeout: 60_000 }, async () => {
    await firefox.open(`${site().address}notes/steps/`);
    await firefox.until("document.querySelector('svg.plane') !== null");
    const letters = "parseFloat(getComputedStyle(own).fontSize) * own.getBoundingClientRect().width";
    const alike = `((own) => Math.abs(${letters} / own.viewBox.baseVal.width - 12) < 2)(document.querySelector('svg.plane'))`;
    await firefox.until(alike);
    expect(await firefox.value("document.querySelector('svg.plane').getBoundingClientRect().width")).not.toBe(480);
  });

  test("every page opens without an error", { timeout: 120_000 }, async () => {
    const folder = site().folder;
    const pages = pagesIn(folder).map((file) => file.slice(folder.length + 1).replace(/index\.html$/, ""));
    expect(pages.length).toBeGreaterThan(12);
    for (const page of pages) {
      await firefox.open(`${site().address}${page}`);
      await firefox.until("document.querySelector('main h1') !== null");
    }
  });
});

// Draws times against sizes as SVG diagrams, for docs/growth.svg.
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";

const WIDTH = 460;
const HEIGHT = 300;
const NAMESPACE = "http://www.w3.org/2000/svg";

/**
 * One diagram: milliseconds against a size, both on logarithmic scales.
 *
 * @typedef {object} Diagram
 * @property {string} title
 * @property {string} x what the size is
 * @property {readonly { x: number, y: number, line: string }[]} points
 */

const same = (/** @type {string} */ text) => text;

/**
 * @param {Diagram} diagram
 * @param {Document} document
 * @param {number} index of the diagram in the picture
 */
function draw({ title, x, points }, document, index) {
  const names = [...new Set(points.map((p) => p.line))];
  const svg = Plot.plot({
    document,
    width: WIDTH,
    height: HEIGHT,
    marginTop: 40,
    marginRight: 20,
    className: `diagram${index}`,
    style: { background: "white", color: "black", fontFamily: "system-ui, sans-serif" },
    x: { type: "log", label: x, ticks: 6, tickFormat: "~s", grid: true },
    y: { type: "log", label: "ms", tickFormat: "~r", grid: true },
    color: { domain: names },
    marks: [
      Plot.lineY(points, { x: "x", y: "y", stroke: "line", marker: "dot" }),
      ...names.map((name, i) =>
        Plot.text([name], { text: same, fill: same, frameAnchor: "top-left", dx: 8, dy: 8 + 14 * i, fontSize: 12 }),
      ),
      Plot.text([title], { frameAnchor: "top", dy: -30, fontWeight: "bold", fontSize: 13, text: same }),
    ],
  });
  // Plot's own style rules are meant for a diagram in a page; here they would override the positions below.
  svg.querySelector("style")?.remove();
  svg.setAttribute("xmlns", NAMESPACE);
  svg.setAttribute("x", String((index % 2) * WIDTH));
  svg.setAttribute("y", String(Math.floor(index / 2) * HEIGHT));
  const name = document.createElementNS(NAMESPACE, "title");
  name.textContent = title;
  svg.prepend(name);
  return svg.outerHTML;
}

/**
 * The diagrams, two in a row, as one SVG file.
 *
 * @param {string} title
 * @param {readonly Diagram[]} diagrams
 */
export function picture(title, diagrams) {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const inner = diagrams.map((d, i) => draw(d, /** @type {any} */ (document), i)).join("\n");
  const [width, height] = [2 * WIDTH, Math.ceil(diagrams.length / 2) * HEIGHT];
  const paper = `<rect width="${width}" height="${height}" fill="white"/>`;
  return `<svg xmlns="${NAMESPACE}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">\n<title>${title}</title>\n${paper}\n${inner}\n</svg>\n`;
}

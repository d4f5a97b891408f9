// The report's section about the time of each kernel.
import type { KernelTime, ReportData } from "../data.js";
import { formatCount, formatNumber, formatPercent, formatSizes } from "./format.js";
import { type Html, html } from "./html.js";
import { listed, type Section, scrolling } from "./section.js";

const MOST = 20;

/** What each kernel of the training step takes. */
export function times({ findings }: ReportData): Section | undefined {
  if (findings === undefined || findings.times.length === 0) return undefined;
  const slowest = [...findings.times].sort((a, b) => b.microseconds - a.microseconds);
  const total = sum(slowest, (k) => k.microseconds);
  return {
    id: "times",
    title: "Time of each kernel",
    content: html`<p>One training step on ${findings.network.batchSize} samples is ${formatCount(slowest.length)} kernels, which take ${formatNumber(total / 1000)} ms on one thread, as ${findings.environment.device === "native" ? "native code" : "WebAssembly"}.</p>
${scrolling("Time of each kernel", table(slowest))}`,
  };
}

function table(kernels: readonly KernelTime[]): Html {
  const rest = kernels.slice(MOST);
  const { names, head } = listed("kernel", ["µs", "share", "rate", "over"]);
  return html`<table class="numbers listed" style="${names}">
${head}
<tbody>${kernels
    .slice(0, MOST)
    .map(
      (k) =>
        html`<tr><th scope="row">${k.name}</th><td>${formatNumber(k.microseconds)}</td>${share(k.share)}<td>${rate(k)}</td><td>${formatSizes(k.sizes)}</td></tr>`,
    )}</tbody>
${
  rest.length > 0 &&
  html`<tfoot><tr><th scope="row">${rest.length} more</th><td>${formatNumber(sum(rest, (k) => k.microseconds))}</td>${share(sum(rest, (k) => k.share))}<td></td><td></td></tr></tfoot>`
}</table>`;
}

const sum = (kernels: readonly KernelTime[], of: (kernel: KernelTime) => number): number =>
  kernels.reduce((total, kernel) => total + of(kernel), 0);

const share = (value: number): Html =>
  html`<td class="share" style="--share:${(100 * value).toFixed(1)}%">${formatPercent(value)}</td>`;

const rate = ({ gigaflops, gigabytes }: KernelTime): string =>
  gigaflops === undefined ? `${formatNumber(gigabytes)} GB/s` : `${formatNumber(gigaflops)} GFLOP/s`;

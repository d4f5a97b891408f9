// Measures how long a page takes to answer input.
import type { Browser, Page } from "playwright-core";

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds of the processor's time, whatever else the machine does meanwhile. */
  readonly tdur?: number;
  readonly args: { readonly name?: string };
}

const TASK = "ThreadControllerImpl::RunTask";

/** What `use` costs the page: milliseconds of processor time that each task of its main thread takes, longest first. */
export async function tasksOf(browser: Browser, page: Page, use: () => Promise<void>): Promise<number[]> {
  await browser.startTracing(page, { categories: ["toplevel"] });
  await use();
  const { traceEvents } = JSON.parse(String(await browser.stopTracing())) as { traceEvents: TraceEvent[] };
  const threadOf = ({ pid, tid }: TraceEvent) => `${pid} ${tid}`;
  const names = new Map(traceEvents.filter(({ ph }) => ph === "M").map((event) => [threadOf(event), event.args.name]));
  // Of the browser's pages, the one that is used has by far the most to do.
  const tasks = new Map<string, number[]>();
  for (const event of traceEvents) {
    if (event.name !== TASK || names.get(threadOf(event)) !== "CrRendererMain") continue;
    tasks.set(threadOf(event), [...(tasks.get(threadOf(event)) ?? []), (event.tdur ?? 0) / 1000]);
  }
  const all = [...tasks.values()].sort((a, b) => b.length - a.length)[0] ?? [];
  return all.sort((a, b) => b - a);
}

/** Makes the page note how long after each input the browser shows what came of it; what is shorter than 16 ms is not noted. */
export const noteLatencies = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const noted = new Map<number, number>();
    Object.assign(globalThis, { noted });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & { interactionId?: number })[]) {
        const { interactionId = 0, duration } = entry;
        if (interactionId > 0) noted.set(interactionId, Math.max(duration, noted.get(interactionId) ?? 0));
      }
    }).observe({ type: "event", durationThreshold: 16 } as PerformanceObserverInit);
  });

/** Milliseconds that were noted. */
export const latencies = (page: Page): Promise<number[]> =>
  page.evaluate(() => [...(globalThis as unknown as { noted: Map<number, number> }).noted.values()]);

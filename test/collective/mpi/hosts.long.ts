// Training on two hosts: network namespaces, where they are permitted.
import { describe, expect, it } from "vitest";
import { Hosts, whyNoHosts } from "./hosts.js";
import { Job, LAUNCHERS, TRAIN } from "./jobs.js";

const why = whyNoHosts();
if (why !== undefined) console.warn(`tests on two hosts are skipped: ${why}`);

const digestsOf = (out: string): string[] =>
  out
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .flatMap((line) => (JSON.parse(line) as { digests: string[] }).digests);

const wait = (ms: number): Promise<void> => new Promise((next) => setTimeout(next, ms));

async function onHosts(body: (hosts: Hosts) => Promise<void>): Promise<void> {
  const hosts = new Hosts();
  try {
    await body(hosts);
  } finally {
    hosts.close();
  }
}

/** Seconds until a condition holds; not more than 20. */
async function secondsUntil(holds: () => boolean): Promise<number> {
  const start = performance.now();
  while (!holds() && performance.now() - start < 20_000) await wait(50);
  return (performance.now() - start) / 1000;
}

describe.skipIf(why !== undefined).each(LAUNCHERS)("two hosts with $name", (launcher) => {
  it("give the bits of one process", async () => {
    const alone = await new Job([process.execPath, TRAIN, "cnn", '{"alone":true,"epochs":1}']).ended;
    await onHosts(async (hosts) => {
      const { out, err } = await hosts.run(launcher, 4, TRAIN, "cnn", '{"epochs":1}').ended;
      expect(digestsOf(out), err).toEqual(Array(4).fill(digestsOf(alone.out)[0]));
    });
  }, 60_000);

  it("end within 10 seconds on both sides of a cut, and say why", async () => {
    await onHosts(async (hosts) => {
      const job = hosts.run(launcher, 4, TRAIN, "cnn", '{"epochs":500,"slow":10,"started":true}');
      await job.says("started");
      hosts.cut();
      const seconds = await secondsUntil(() => hosts.names.every((name) => hosts.processes(name).length === 0));
      expect(seconds).toBeLessThan(10);
      const { code, err } = await job.ended;
      expect(code).not.toBe(0);
      expect(err).toMatch(/no sign of life|lost|unreachable|terminat|closed|abort/i);
    });
  }, 60_000);
});

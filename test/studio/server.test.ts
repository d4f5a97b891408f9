import { appendFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Studio, serveStudio } from "../../packages/cli/src/studio/index.js";

let place: string;
let studio: Studio;
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "tidu-serve-"));
  await mkdir(join(place, "site/runs"), { recursive: true });
  await mkdir(join(place, "runs/a"), { recursive: true });
  await mkdir(join(place, "runs/no-run"));
  await writeFile(join(place, "site/index.html"), "<p>home</p>");
  await writeFile(join(place, "site/runs/index.html"), "<p>runs</p>");
  await writeFile(join(place, "secret.txt"), "secret");
  await writeFile(join(place, "runs/a/config.json"), '{"format":1,"model":{"name":"mlp"}}');
  studio = await serveStudio({ site: join(place, "site"), runs: join(place, "runs") });
});
afterAll(async () => {
  await studio.close();
  await rm(place, { recursive: true });
});

interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** Sends a path as it is: `fetch` and browsers would tidy it up first. */
const ask = (path: string, options: { method?: string; host?: string; port?: number } = {}): Promise<Answer> =>
  new Promise((done, fail) => {
    const { port = Number(new URL(studio.address).port) } = options;
    const headers = { Host: options.host ?? `127.0.0.1:${port}` };
    const asked = request({ host: "127.0.0.1", port, path, method: options.method, headers }, (response) => {
      let text = "";
      response.on("data", (part) => (text += part));
      response.on("end", () => done({ status: response.statusCode, headers: response.headers, text }));
    });
    asked.on("error", fail);
    asked.end();
  });

describe("the studio's server", () => {
  test("listens on this machine alone, and serves the pages", async () => {
    expect(studio.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    expect(await ask("/")).toMatchObject({ status: 200, text: "<p>home</p>" });
    expect(await ask("/runs/")).toMatchObject({ status: 200, text: "<p>runs</p>" });
    expect((await ask("/nothing")).status).toBe(404);
  });

  test.each(["/", "/nothing", "/api/runs", "/api/events?run=x"])("sends a strict policy with %s", async (path) => {
    const { headers } = await ask(path);
    const policy = String(headers["content-security-policy"]);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval';");
    expect(policy).not.toMatch(/unsafe-inline|unsafe-eval'.*unsafe-eval'|\*|https?:|data:|blob:/);
    expect(headers).toMatchObject({
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-embedder-policy": "require-corp",
      "x-content-type-options": "nosniff",
    });
  });

  test.each(["evil.example", "evil.example:80", "127.0.0.1.evil.example", "localhost@evil.example", "[::2]"])(
    "refuses a request for the host %j",
    async (host) => {
      for (const path of ["/", "/api/runs"]) {
        const { status, text } = await ask(path, { host });
        expect([400, 421]).toContain(status);
        expect(text).not.toContain("home");
        expect(text).not.toContain("mlp");
      }
    },
  );

  test.each(["localhost", "127.0.0.1:1", "[::1]:9", "LOCALHOST:80"])("answers for the host %s", async (host) => {
    expect((await ask("/", { host })).status).toBe(200);
  });

  test("answers for the machine's addresses, but for no other name, where it was asked to listen on all of them", async () => {
    const open = await serveStudio({ site: join(place, "site"), host: "0.0.0.0" });
    const { port } = new URL(open.address);
    const status = async (host: string) => (await ask("/", { host, port: Number(port) })).status;
    expect([await status("192.0.2.7:80"), await status("[2001:db8::1]"), await status("evil.example")]).toEqual([
      200, 200, 421,
    ]);
    await open.close();
  });

  test.each([
    "/../secret.txt",
    "/%2e%2e/secret.txt",
    "/runs/../../secret.txt",
    "/..%2fsecret.txt",
    "/..%5csecret.txt",
    "//secret.txt",
    "/%00",
    "/%",
    "http://127.0.0.1/../secret.txt",
  ])("gives nothing outside its folder: %s", async (path) => {
    const { status, text } = await ask(path);
    expect(text).not.toContain("secret");
    expect(status === 200 ? text : "no page").toMatch(/home|no page/);
  });

  test.each(["POST", "PUT", "DELETE", "OPTIONS"])("refuses %s", async (method) => {
    expect((await ask("/", { method })).status).toBe(405);
  });

  test("lists runs", async () => {
    const { status, text } = await ask("/api/runs");
    expect(status).toBe(200);
    expect(JSON.parse(text)).toMatchObject([{ name: "a", finished: false, config: { model: { name: "mlp" } } }]);
  });

  test.each(["", "?run=b", "?run=..", "?run=.", "?run=a&run=../site", "?run=a%2f.."])(
    "follows no run that is not listed: %j",
    async (query) => {
      expect((await ask(`/api/events${query}`)).status).toBe(404);
    },
  );

  test("tells what runs write, whole lines only, from the beginning, and anew after going back", async () => {
    const file = join(place, "runs/a/metrics.jsonl");
    await writeFile(file, '{"epoch":1}\n{"epoch":');
    const response = await fetch(`${studio.address}api/events?run=a`);
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    const events: unknown[] = [];
    const next = async (count: number): Promise<unknown[]> => {
      let text = "";
      while (events.length < count) {
        text += new TextDecoder().decode((await reader.read()).value);
        const parts = text.split("\n\n");
        text = parts.pop() ?? "";
        for (const part of parts) if (part.startsWith("data: ")) events.push(JSON.parse(part.slice(6)));
      }
      return events.splice(0);
    };
    const epoch = (n: number) => ({ type: "metrics", run: "a", metrics: [{ epoch: n }] });
    expect(await next(1)).toEqual([epoch(1)]);
    await appendFile(file, "2}\n");
    expect(await next(1)).toEqual([epoch(2)]);
    await writeFile(file, '{"epoch":7}\n');
    expect(await next(2)).toEqual([{ type: "restart", run: "a" }, epoch(7)]);
    await writeFile(join(place, "runs/a/result.json"), '{"epochs":7}');
    expect(await next(1)).toEqual([{ type: "result", run: "a", result: { epochs: 7 } }]);
    await reader.cancel();
  });

  test("says what to do where the pages are not built, or the port is taken", async () => {
    await expect(serveStudio({ site: join(place, "none") })).rejects.toThrow("npm run build:studio");
    const port = Number(new URL(studio.address).port);
    await expect(serveStudio({ site: join(place, "site"), port })).rejects.toThrow(`port ${port}`);
  });
});

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";

const COMMAND = fileURLToPath(new URL("../../packages/cli/bin/tidu.js", import.meta.url));

test("tidu studio serves the built pages to this machine, and says where", async () => {
  const child = spawn(process.execPath, [COMMAND, "studio", "--json"], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill());
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const { address } = JSON.parse((await lines.next()).value) as { address: string };
  expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
  for (const [path, status] of Object.entries({ "": 200, "runs/": 200, "digits/test-images.idx": 200, nothing: 404 })) {
    expect((await fetch(address + path)).status, path).toBe(status);
  }
});

test("tidu studio says in one line why it cannot serve", async () => {
  const child = spawn(process.execPath, [COMMAND, "studio", "--host", "192.0.2.1"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let errors = "";
  child.stderr.on("data", (text) => (errors += text));
  const code = await new Promise((done) => child.on("close", done));
  expect([code, errors.split("\n").length]).toEqual([1, 2]);
  expect(errors).toMatch(/^tidu: cannot serve on 192\.0\.2\.1, port 0: /);
});

// The service of examples/serve: right answers while it trains again, and what a client may do wrong.
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeService } from "../../examples/serve/service.mjs";
import { workplace } from "../cli/support.js";
import { load } from "./load.mjs";

const { path, tidu, write } = workplace();

it("answers as float64 does while it trains again", async () => {
  const { times, ...found } = await load(400, 20, 2);
  expect(found).toMatchObject({ answers: 400, errors: [] });
  expect(times).toHaveLength(400);
  expect(found.farthest).toBeLessThan(1e-6);
  expect(found.farthest).toBeGreaterThan(0);
  expect(found.during).toBeGreaterThan(0);
  expect(found.retrained).toBeGreaterThan(0);
});

describe("a service", () => {
  let server: Awaited<ReturnType<typeof makeService>>;
  let url: string;
  const rows = Array.from({ length: 60 }, (_, i) => `${(i * 7) % 11},${"pq"[i % 2]},${"abc"[i % 3]}`);
  const post = async (route: string, body: string) => {
    const response = await fetch(url + route, { method: "POST", body });
    return { status: response.status, body: await response.json() };
  };
  const state = async () => (await fetch(url)).json();

  beforeAll(async () => {
    await write("table.csv", `x,name,y\n${rows.join("\n")}\n`);
    const options = ["--epochs", "1", "--threads", "1"];
    await tidu("train", "table.csv", ...options, "--no-report", "--out", "run");
    server = await makeService(path("run"), [path("gone.csv"), ...options]);
    await once(server.listen(0, "127.0.0.1"), "listening");
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server?.close());

  it.each<[what: string, route: string, body: string, status: number, says: RegExp]>([
    ["no JSON", "/predict", "[{", 400, /the body is not JSON/],
    ["no list", "/predict", '{"x":1,"name":"p"}', 400, /must be a list of at most 1000 rows/],
    ["too many rows", "/predict", JSON.stringify(Array(1001).fill({ x: 1 })), 400, /at most 1000 rows/],
    ["a column left out", "/predict", '[{"x":1}]', 400, /row 0, column "name": it is missing/],
    ["text for a number", "/predict", '[{"x":"one","name":"p"}]', 400, /row 0, column "x": "one" is not a number/],
    ["a row that is none", "/predict", "[3]", 400, /the row is 3/],
    ["another place", "/other", "[]", 404, /there are GET/],
    ["too many bytes", "/predict", " ".repeat(2 ** 20 + 1), 413, /more than 1048576 bytes/],
  ])("says what is wrong: %s", async (_, route, body, status, says) => {
    const answer = await post(route, body);
    expect(answer.status).toBe(status);
    expect(answer.body.error).toMatch(says);
    // The next request is answered.
    const good = await post("/predict", '[{"x":1,"name":"p"},{"x":null,"name":"z"}]');
    expect(good.status).toBe(200);
    expect(good.body.predictions[0].prediction).toMatch(/^[abc]$/);
    expect(good.body.predictions[1].unknown).toEqual(["name"]);
  });

  it("keeps its network where a training fails, and says why", async () => {
    expect((await post("/retrain", "")).status).toBe(200);
    expect((await post("/retrain", "")).status).toBe(409);
    while ((await state()).retraining) await new Promise((done) => setTimeout(done, 20));
    const { failure, name, retrained } = await state();
    expect(failure).toMatch(/gone\.csv/);
    expect({ name, retrained }).toEqual({ name: path("run"), retrained: 0 });
    expect((await post("/predict", '[{"x":1,"name":"p"}]')).body.run).toBe(path("run"));
  });
});

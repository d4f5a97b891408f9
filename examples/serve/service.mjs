// An HTTP service around a trained run, with Node's own server: predictions of JSON rows, and retraining without a pause.
import { createServer } from "node:http";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { loadRun } from "@tidu/cli/run";
import { retrain } from "./retrain.mjs";

/** Bytes of a request, and rows in it. */
const [MOST_BYTES, MOST_ROWS] = [2 ** 20, 1000];

/** What a client did wrong. */
class BadRequest extends Error {
  /** @param {number} status @param {string} message */
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/**
 * A server that is not listening yet.
 *
 * @param {string} folder the run's folder
 * @param {readonly string[]} [training] what `tidu train` is given to train again: the data, then options
 */
export async function makeService(folder, training = []) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const state = { name: folder, run: await ready(folder), answered: 0, retraining: 0, retrained: 0, failure: "" };

  /** Trains again in a worker; the network is exchanged once the new one is ready, between two requests. */
  async function renew() {
    const name = `${folder}-${state.retrained + 2}`;
    state.retraining = 1;
    state.failure = "";
    try {
      await retrain(name, training);
      state.run = await ready(name);
      state.name = name;
      state.retrained++;
    } catch (error) {
      state.failure = String(error);
    } finally {
      state.retraining = 0;
    }
  }

  /** @type {Record<string, (request: import("node:http").IncomingMessage) => Promise<unknown>>} */
  const routes = {
    "GET /": async () => {
      const { run: _, ...rest } = state;
      return { ...rest, preprocess: state.run.preprocess, longestGap: delay.max / 1e6 };
    },
    "POST /predict": async (request) => {
      const rows = parsed(await bodyOf(request));
      // The network may be exchanged while this request waits for its answer.
      const { run, name } = state;
      const predictions = await run.predict(rows);
      state.answered++;
      return { run: name, predictions };
    },
    "POST /retrain": async () => {
      if (training.length === 0) throw new BadRequest(404, "the service was started without data to train on");
      if (state.retraining) throw new BadRequest(409, "a retraining is under way");
      void renew();
      return { retraining: 1 };
    },
  };

  const server = createServer(async (request, response) => {
    const route = routes[`${request.method} ${request.url}`];
    const [status, body] = await answer(route, request);
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  server.on("listening", () => delay.enable());
  server.on("close", () => delay.disable());
  return server;
}

/** A run whose program for one row is compiled, so that no client waits for that. @param {string} folder */
async function ready(folder) {
  const run = await loadRun(folder);
  if (run.preprocess.kind !== "table") throw new Error(`${folder}: this service is for runs of tables`);
  await run.predict([Object.fromEntries(run.preprocess.columns.map(({ name }) => [name, null]))]);
  return run;
}

/**
 * @param {((request: import("node:http").IncomingMessage) => Promise<unknown>) | undefined} route
 * @param {import("node:http").IncomingMessage} request
 * @returns {Promise<[status: number, body: unknown]>}
 */
async function answer(route, request) {
  try {
    if (route === undefined) throw new BadRequest(404, "there are GET /, POST /predict and POST /retrain");
    return [200, await route(request)];
  } catch (error) {
    const { name, message, status } = /** @type {BadRequest} */ (error);
    // Errors of data and arguments name the row and the column; others are the service's own affair.
    if (status !== undefined) return [status, { error: message }];
    if (name === "DataError" || name === "ArgumentError") return [400, { error: message }];
    console.error(error);
    return [500, { error: "the service failed" }];
  }
}

/** @param {import("node:http").IncomingMessage} request */
async function bodyOf(request) {
  const pieces = [];
  let bytes = 0;
  for await (const piece of request) {
    bytes += piece.length;
    if (bytes > MOST_BYTES) throw new BadRequest(413, `the body has more than ${MOST_BYTES} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}

/** @param {string} body */
function parsed(body) {
  let rows;
  try {
    rows = JSON.parse(body);
  } catch (error) {
    throw new BadRequest(400, `the body is not JSON: ${/** @type {Error} */ (error).message}`);
  }
  if (Array.isArray(rows) && rows.length <= MOST_ROWS) return rows;
  throw new BadRequest(400, `the body must be a list of at most ${MOST_ROWS} rows, each an object`);
}

// The studio's server.
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import sirv from "sirv";
import { TiduError } from "tidu";
import { sendEvents } from "./events.js";
import { HEADERS, isHost } from "./headers.js";
import { listRuns, namesIn } from "./runs.js";

/** Where the build puts the pages. */
const SITE = fileURLToPath(new URL("../../dist/studio/site", import.meta.url));

export interface StudioOptions {
  /** Folder in which runs of the command line are. Default "runs". */
  readonly runs?: string;
  /** Where to listen. Default "127.0.0.1": nobody but this machine gets in. */
  readonly host?: string;
  /** Default 0: any that is free. */
  readonly port?: number;
  /** Folder of the built pages; for tests. */
  readonly site?: string;
}

export interface Studio {
  /** Such as "http://127.0.0.1:41234/". */
  readonly address: string;
  close(): Promise<void>;
}

/** Serves the studio's pages, and runs as they go, until it is closed. Throws TiduError if it cannot. */
export async function serveStudio(options: StudioOptions = {}): Promise<Studio> {
  const { runs = "runs", host = "127.0.0.1", port = 0, site = SITE } = options;
  if (!existsSync(site))
    throw new TiduError(`${site} is missing; install @tidu/cli again, or in a clone run npm run build:studio`);
  // Looks at the folder now; afterwards only files that it found there are served, whatever a path says.
  const pages = sirv(site, { etag: true, setHeaders: (response) => set(response) });
  const folders = new Set(await pagesOf(site));
  const names = new Set(["127.0.0.1", "localhost", "[::1]", host.includes(":") ? `[${host}]` : host.toLowerCase()]);
  const server = createServer((request, response) => {
    set(response);
    if (!isHost(request.headers.host, names, ["0.0.0.0", "::"].includes(host)))
      return refuse(response, 421, "this server has another name");
    if (!["GET", "HEAD"].includes(request.method ?? "")) return refuse(response, 405, "only GET and HEAD");
    const path = pathOf(request);
    if (path === undefined) return refuse(response, 400, "this is not an address");
    if (path.pathname.startsWith("/api/")) return void answer(path, response, runs);
    // A page is at the address of its folder, with a slash, from which its own addresses follow.
    if (folders.has(path.pathname)) return redirect(response, `${path.pathname.split("/").at(-1)}/${path.search}`);
    pages(request, response, () => refuse(response, 404, "there is no such page"));
  });
  await listening(server, host, port);
  const { port: actual } = server.address() as AddressInfo;
  return { address: `http://${host.includes(":") ? `[${host}]` : host}:${actual}/`, close: () => closing(server) };
}

/** Answers what the page of runs asks. */
async function answer({ pathname, searchParams }: URL, response: ServerResponse, directory: string): Promise<void> {
  if (pathname === "/api/runs") {
    response.writeHead(200, { "Content-Type": "application/json", "Cache-Control": "no-store" });
    response.end(JSON.stringify(await listRuns(directory)));
    return;
  }
  if (pathname !== "/api/events") return refuse(response, 404, "there is no such page");
  const known = new Set(await namesIn(directory));
  const wanted = searchParams.getAll("run");
  if (wanted.length === 0 || wanted.some((run) => !known.has(run)))
    return refuse(response, 404, "there is no such run");
  await sendEvents(response, directory, wanted);
}

function pathOf({ url = "/" }: IncomingMessage): URL | undefined {
  try {
    return new URL(url, "http://studio");
  } catch {
    return undefined;
  }
}

/** The folders of pages, such as "/notes/dropout". */
async function pagesOf(site: string): Promise<string[]> {
  const files = await readdir(site, { recursive: true });
  return files
    .filter((file) => /[\\/]index\.html$/.test(file))
    .map((file) => `/${dirname(file).replaceAll("\\", "/")}`);
}

function redirect(response: ServerResponse, location: string): void {
  response.writeHead(308, { Location: location }).end();
}

function set(response: ServerResponse): void {
  for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
}

function refuse(response: ServerResponse, status: number, reason: string): void {
  response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8" }).end(`${status}: ${reason}\n`);
}

const listening = (server: Server, host: string, port: number): Promise<void> =>
  new Promise((done, fail) => {
    server.once("error", (cause) => {
      fail(new TiduError(`cannot serve on ${host}, port ${port}: ${cause.message}`, { cause }));
    });
    server.listen(port, host, done);
  });

const closing = (server: Server): Promise<void> =>
  new Promise((done) => {
    server.close(() => done());
    server.closeAllConnections();
  });

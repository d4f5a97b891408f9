// The headers of the studio's answers, and which requests are answered at all.
import { isIP } from "node:net";

/**
 * Sent with every answer. Nothing comes from elsewhere, no text is run as code, and the pages are cross-origin isolated,
 * so that the engine's threads may share memory.
 */
export const HEADERS: Readonly<Record<string, string>> = {
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
};

/**
 * Whether a request names the server as the one who started it does. A page from elsewhere that has its own name point
 * to this machine (DNS rebinding) names another; it cannot do so by a number.
 *
 * @param header the request's Host, such as "127.0.0.1:4000".
 * @param names of the server, without port.
 * @param anyAddress whether the server listens on all of the machine's addresses: then each of them, as a number, is right.
 */
export function isHost(header: string | undefined, names: ReadonlySet<string>, anyAddress = false): boolean {
  const name = /^(?<name>\[[\da-f:]+\]|[\w.-]+)(:\d+)?$/i.exec(header ?? "")?.groups?.name;
  if (name === undefined) return false;
  return names.has(name.toLowerCase()) || (anyAddress && isIP(name.replace(/^\[|\]$/g, "")) !== 0);
}

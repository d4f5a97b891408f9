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
 * to this machine (DNS rebinding) names another.
 *
 * @param header the request's Host, such as "127.0.0.1:4000".
 * @param names of the server, without port.
 */
export function isHost(header: string | undefined, names: ReadonlySet<string>): boolean {
  const name = /^(?<name>\[[\da-f:]+\]|[\w.-]+)(:\d+)?$/i.exec(header ?? "")?.groups?.name;
  return name !== undefined && names.has(name.toLowerCase());
}

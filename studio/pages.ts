import { readdirSync } from "node:fs";
import { join } from "node:path";

/** Every index.html below a folder: each is a page, at the address of its folder. */
export const pagesIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return entry.name === "src" ? [] : pagesIn(join(folder, entry.name));
    return entry.name === "index.html" ? [join(folder, entry.name)] : [];
  });

import { rolldown } from "rolldown"; import { gzipSync } from "node:zlib"; import { pathToFileURL } from "node:url";
const { bundle, sizesOf } = await import(pathToFileURL(process.cwd()+"/bench/lib/bundle.mjs"));
const src = p => process.cwd()+"/src/"+p;
const files = await bundle("library", { tidu: src("index.ts"), "tidu/data": src("data/index.ts") });
console.log("total gzip", sizesOf(files), files.length);
const r = await rolldown({ input: process.cwd()+"/bench/apps/library.mjs", resolve: { alias: { tidu: src("index.ts"), "tidu/data": src("data/index.ts") } }, external: [/^node:/] , logLevel:"silent"});
const { output } = await r.generate({ minify: true });
const by = {}; let rows=[];
for (const c of output) for (const [id, m] of Object.entries(c.modules ?? {})) { const k = id.replace(process.cwd()+"/",""); rows.push([m.code?.length ?? 0, k]); const d=k.split("/").slice(0,3).join("/").replace(/\/[^/]*\.ts$/,""); by[d]=(by[d]??0)+(m.code?.length??0);}
rows.sort((a,b)=>b[0]-a[0]); console.log(Object.entries(by).sort((a,b)=>b[1]-a[1])); console.log(rows.slice(0,45).map(r=>r.join(" ")).join("\n"));

/**
 * The page's style: ground and type are the tokens of studio/README.md. Colors are those of Okabe and Ito, which people with any kind of color vision tell apart; what they
 * say is also said by a form, a place or a word.
 */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #ffffff; --panel: #f4f5f7; --ink: #14181d; --soft: #4d5660; --line: #dde1e6;
  --first: #0072b2; --second: #c65300; --third: #00785a; --faint: #9db9cf;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --paper: #0f1317; --panel: #191f26; --ink: #eef2f6; --soft: #aab3bd; --line: #303945;
    --first: #56b4e9; --second: #e69f00; --third: #2fbf97; --faint: #48657a;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body {
  margin: 0 auto; max-width: 76rem; padding: 0 1rem 2rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; -webkit-text-size-adjust: 100%;
}
h1 { margin: 1.5rem 0 1rem; font-size: 1.5rem; line-height: 1.2; }
h2 { margin: 0 0 .75rem; font-size: 1.25rem; }
h3 { margin: 1rem 0 .5rem; font-size: 1rem; }
p { margin: 0 0 .75rem; max-width: 44rem; }
small, .note, .under, figcaption small, footer { color: var(--soft); font-size: .875rem; font-weight: 400; }
a { color: var(--first); }
:focus-visible { outline: 2px solid var(--first); outline-offset: 2px; }
section { margin-top: 2rem; padding-top: 1.25rem; border-top: 1px solid var(--line); }
footer { margin-top: 2.5rem; }

.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .75rem; margin: 0 0 1rem; }
.tiles div { display: flex; flex-direction: column-reverse; justify-content: flex-end; padding: .7rem .9rem; border-radius: .5rem; background: var(--panel); }
.tiles dt { color: var(--soft); font-size: .875rem; }
.tiles dd { margin: 0; font-size: 1.25rem; font-weight: 600; font-variant-numeric: tabular-nums; }
nav ul { display: flex; flex-wrap: wrap; gap: .35rem 1.1rem; margin: 0; padding: 0; list-style: none; }
nav a { display: inline-block; padding: .2rem 0; }

.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); gap: 1.25rem; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 28rem), 1fr)); gap: 0 2rem; }
.pair > div { min-width: 0; }
figure { margin: 0; min-width: 0; max-width: 27rem; }
figcaption { margin-bottom: .35rem; font-weight: 600; }
figure svg { display: block; width: 100%; height: auto; overflow: visible; font: 11px system-ui, sans-serif; }
.halves { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 8rem), 1fr)); gap: .5rem; }
.under { margin: 0; text-align: center; white-space: nowrap; font-variant-numeric: tabular-nums; }
.legend { display: flex; flex-wrap: wrap; gap: .1rem 1rem; margin: .35rem 0 0; padding: 0; list-style: none; font-size: .875rem; }
.key { display: inline-block; width: 1.4rem; margin-right: .4rem; vertical-align: middle; border-top: 2px solid; }
.key.dashed { border-top-style: dashed; }
.key.thin { border-top-width: 1px; }
.key.ring { width: .8rem; height: .8rem; border: 2px solid; border-radius: 50%; }
.key.first { color: var(--first); } .key.second { color: var(--second); } .key.third { color: var(--third); } .key.faint { color: var(--faint); }

.scroll { overflow: auto; max-height: 45rem; margin-bottom: .75rem; }
table { border-collapse: collapse; font-size: .875rem; font-variant-numeric: tabular-nums; overflow-wrap: normal; }
th, td { padding: .25rem .6rem; text-align: right; border-bottom: 1px solid var(--line); }
th { font-weight: 600; }
thead th { color: var(--soft); font-weight: 400; vertical-align: bottom; }
tbody th, tfoot th, thead th:first-child, .network th:nth-child(2) { text-align: left; }
.numbers td, .network td { white-space: nowrap; }
.numbers tbody th { max-width: 16rem; overflow-wrap: break-word; }
tfoot th, tfoot td { border-bottom: 0; color: var(--soft); }
.share { background: linear-gradient(to left, color-mix(in srgb, var(--first) 28%, transparent) var(--share), transparent 0) no-repeat; }
.facts th { width: 14rem; min-width: 8rem; font-weight: 400; color: var(--soft); vertical-align: top; overflow-wrap: anywhere; }
.facts td { text-align: left; overflow-wrap: anywhere; }
.confusion th, .confusion td { min-width: 1.6rem; padding: .3rem .15rem; border: 1px solid var(--paper); text-align: center; font-size: .75rem; }
.confusion tbody th { text-align: right; padding-right: .5rem; }
.confusion th { max-width: 9rem; overflow-wrap: break-word; }
.upright thead span { writing-mode: vertical-rl; rotate: 180deg; max-height: 9rem; text-align: left; }
.confusion .right { background: color-mix(in srgb, var(--first) var(--heat), var(--panel)); }
.confusion .wrong { background: color-mix(in srgb, var(--second) var(--heat), var(--panel)); }
.confusion .none { background: var(--panel); color: var(--soft); }
.matrix { width: 100%; max-width: 28rem; image-rendering: pixelated; border: 1px solid var(--line); }

.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 15.5rem), 1fr)); gap: .75rem; margin: 0; padding: 0; list-style: none; }
.cards > li { display: flex; flex-wrap: wrap; gap: .75rem; padding: .75rem; border-radius: .5rem; background: var(--panel); }
.cards > li > div { flex: 1 1 7rem; min-width: 0; }
.cards img { width: 5rem; height: 5rem; object-fit: contain; image-rendering: pixelated; }
.cards p { margin: 0 0 .35rem; line-height: 1.3; }
.chances { margin: 0; padding: 0; list-style: none; font-size: .875rem; font-variant-numeric: tabular-nums; }
.chances li { display: flex; justify-content: space-between; gap: .5rem; padding: 0 .3rem; margin-top: 2px; background: linear-gradient(to right, color-mix(in srgb, var(--bar) 30%, transparent) var(--share), transparent 0); }
.chances span + span { white-space: nowrap; }
.chances .first { --bar: var(--first); } .chances .second { --bar: var(--second); }
.pictures { display: flex; flex-wrap: wrap; gap: .4rem; margin: 0; padding: 0; list-style: none; }
.pictures img { display: block; width: 3.5rem; height: 3.5rem; object-fit: contain; image-rendering: pixelated; }

.network th { font-weight: 400; }
.network .drawn { padding: 0; border: 0; width: 64px; background: linear-gradient(var(--line), var(--line)) center / 1px 100% no-repeat; }
.network svg { display: block; fill: var(--panel); stroke: var(--first); stroke-width: 1.2; }
details { margin-top: .75rem; }
summary { cursor: pointer; color: var(--first); }
details[open] > summary { margin-bottom: .5rem; }
pre { margin: 0; padding: .75rem; background: var(--panel); font-size: .75rem; white-space: pre-wrap; overflow-wrap: anywhere; }

@media screen and (width >= 118em) {
  body { max-width: 116rem; }
  figure { max-width: 38rem; }
  main { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 0 3rem; align-items: start; }
  section { grid-column: 1 / -1; }
  :is(#network, #kernels, #times, #configuration) { grid-column: auto; }
}
@media (width < 30em) {
  th, td { padding: .25rem .35rem; }
  table { font-size: .875rem; }
  .confusion th, .confusion td { min-width: 0; padding: .3rem .05rem; overflow-wrap: anywhere; }
  .confusion tbody th { min-width: 3rem; padding-right: .3rem; }
  .facts th { width: 9rem; }
  .network { font-size: .75rem; }
  .listed, .listed :is(tbody, tfoot, tr, th, td) { display: block; }
  .listed thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .listed tr { padding: .25rem 0; border-bottom: 1px solid var(--line); }
  .listed :is(th, td) { max-width: none; padding: 0 .35rem; border: 0; overflow-wrap: anywhere; }
  .listed td { display: flow-root; white-space: normal; }
  .listed td::before { float: left; color: var(--soft); }
  .listed td:empty { display: none; }
  ${Array.from({ length: 8 }, (_, i) => `.listed td:nth-of-type(${i + 1})::before { content: var(--c${i + 1}, ""); }`).join("\n  ")}
  .network th, .network td { padding: .25rem .2rem; }
  .network .drawn, .network svg { width: 40px; height: 30px; }
}
@media print {
  body { max-width: none; padding: 0; font-size: 10pt; }
  nav, details { display: none; }
  figure, tr, .cards > li, .tiles div { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  .scroll { overflow: visible; max-height: none; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;

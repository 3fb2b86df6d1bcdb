/** The style of all pages. No font, picture or address in it has to be loaded. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#f7f6f3, #16181b);
  --sheet: light-dark(#ffffff, #1e2125);
  --ink: light-dark(#22252a, #e4e5e7);
  --soft: light-dark(#5c626b, #a2a8b1);
  --line: light-dark(#e2dfd8, #31353b);
  --accent: light-dark(#1d5c8a, #8cc4ee);
  --tint: light-dark(#eef3f7, #252b32);
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", "Apple SD Gothic Neo", "Malgun Gothic", "Noto Sans KR", "NanumGothic", sans-serif;
}
a { color: var(--accent); text-underline-offset: .2em; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: 1rem; padding: .5rem 1rem; background: var(--sheet); z-index: 1; }
header, main, footer { max-width: 68rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 2.25rem; }
h1 { font-size: 1.65rem; line-height: 1.25; margin: .25rem 0 .4rem; overflow-wrap: anywhere; font-weight: 650; }
h2 { font-size: 1.1rem; margin: 2.25rem 0 .6rem; font-weight: 650; }
p { margin: .4rem 0; }
.soft { color: var(--soft); }
footer { padding-top: 2rem; padding-bottom: 3rem; color: var(--soft); font-size: .875rem; }
.sheet { background: var(--sheet); border: 1px solid var(--line); border-radius: 10px; overflow: hidden; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: .55rem .9rem; text-align: start; border-bottom: 1px solid var(--line); vertical-align: baseline; white-space: nowrap; }
tbody tr:last-child > * { border-bottom: 0; }
tfoot > tr > * { border-top: 2px solid var(--line); border-bottom: 0; font-weight: 600; }
thead th { color: var(--soft); font-size: .85rem; font-weight: 600; }
tbody th { font-weight: 500; white-space: normal; overflow-wrap: anywhere; min-width: 10rem; }
.n { text-align: end; }
code, .hash { font: .82rem/1.5 ui-monospace, "SF Mono", Consolas, "Nanum Gothic Coding", monospace; }
.hash { overflow-wrap: anywhere; white-space: normal; min-width: 18rem; color: var(--soft); }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: .35rem; padding: 0; margin: 1rem 0; }
nav li > * { display: inline-block; min-width: 2.4rem; padding: .2rem .6rem; text-align: center; border: 1px solid var(--line); border-radius: 6px; background: var(--sheet); text-decoration: none; }
nav [aria-current] { background: var(--accent); border-color: var(--accent); color: var(--paper); }
.filter { display: flex; flex-wrap: wrap; gap: .4rem .9rem; align-items: center; margin: 1rem 0; }
.filter[hidden] { display: none; }
.filter input { font: inherit; color: inherit; padding: .4rem .7rem; width: min(24rem, 100%); background: var(--sheet); border: 1px solid var(--soft); border-radius: 6px; }
.list { list-style: none; margin: 0; padding: 0; }
.list > li { border-bottom: 1px solid var(--line); }
.list > li:last-child { border-bottom: 0; }
summary { display: grid; grid-template-columns: 9.2rem minmax(0, 15rem) minmax(0, 1fr) auto; gap: 0 1rem; padding: .5rem .9rem; cursor: pointer; list-style: none; align-items: baseline; }
summary::-webkit-details-marker { display: none; }
summary:hover, details[open] > summary { background: var(--tint); }
summary > * { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
summary time, .kb { color: var(--soft); font-size: .875rem; font-variant-numeric: tabular-nums; }
.subject { font-weight: 500; }
.files { display: block; grid-column: 3 / -1; color: var(--soft); font-size: .875rem; }
.mark { color: var(--soft); font-weight: 400; font-size: .875rem; }
.body { padding: .9rem; border-top: 1px solid var(--line); }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .15rem 1rem; margin: 0 0 .9rem; font-size: .9rem; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
dd ul { margin: 0; padding: 0; list-style: none; }
pre { margin: 0; font: inherit; white-space: pre-wrap; overflow-wrap: anywhere; max-width: 48rem; }
@media (max-width: 44rem) {
  summary { grid-template-columns: minmax(0, 1fr) auto; }
  .from { grid-column: 1 / -1; }
  .subject { grid-column: 1 / -1; white-space: normal; }
  .files { grid-column: 1 / -1; }
  .kb { grid-row: 1; grid-column: 2; }
}
@media print {
  :root { color-scheme: light; --paper: #fff; --sheet: #fff; --tint: #fff; }
  .filter, nav, .skip { display: none; }
  .sheet, .wide { border: 0; overflow: visible; }
  li, tr { break-inside: avoid; }
  details[open] { break-inside: auto; }
}
`;

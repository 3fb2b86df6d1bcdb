import { createHash } from 'node:crypto';

/** The only style sheet. Colours have at least 4.5:1 to what they stand on, in light and in dark. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #f6f5f2; --surface: #ffffff; --ink: #1d2127; --soft: #565e69; --line: #dcdad4; --edge: #86898f;
  --accent: #195f9c; --accent-ink: #ffffff; --accent-wash: #e6eff8;
  --good: #1f6b3a; --good-wash: #e4f2e8; --warn: #7d4e00; --warn-wash: #fbf0d9; --bad: #a62121; --bad-wash: #fbe9e7; --track: #e4e2dc;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14171b; --surface: #1c2026; --ink: #e7eaee; --soft: #a5adb8; --line: #323840; --edge: #79828e;
    --accent: #82b8ec; --accent-ink: #0d1a26; --accent-wash: #1d2f41;
    --good: #83cf9b; --good-wash: #1a2f22; --warn: #e8bc66; --warn-wash: #342a16; --bad: #f59c93; --bad-wash: #3a2020; --track: #343a43;
  }
}
*, *::before, *::after { box-sizing: border-box; }
html { font: 100%/1.55 system-ui, -apple-system, "Segoe UI", "Apple SD Gothic Neo", "Malgun Gothic", "Noto Sans KR", NanumGothic, sans-serif; -webkit-text-size-adjust: 100%; }
:lang(ko) { word-break: keep-all; line-break: strict; }
body { margin: 0; background: var(--page); color: var(--ink); overflow-wrap: anywhere; }
h1, h2, h3, p, ul, dl, dd { margin: 0; }
h1 { font-size: 1.65rem; line-height: 1.25; letter-spacing: -0.015em; font-weight: 700; margin-block: 0 1.25rem; }
h2 { font-size: 1.1rem; line-height: 1.35; font-weight: 700; }
main > h2 { margin-block: 1.75rem 0.75rem; } main > h2 + .hint { margin-block: -0.4rem 0.75rem; }
a { color: var(--accent); text-underline-offset: 0.18em; text-decoration-thickness: 1px; }
a:hover { text-decoration-thickness: 2px; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
main:focus { outline: none; }
.skip { position: absolute; inset-block-start: -4rem; inset-inline-start: 1rem; padding: 0.5rem 1rem; background: var(--accent); color: var(--accent-ink); z-index: 1; }
.skip:focus { inset-block-start: 0.5rem; }
.top { display: flex; flex-wrap: wrap; gap: 0.4rem 1.5rem; align-items: center; justify-content: space-between; padding: 0.7rem clamp(1rem, 3vw, 2rem); background: var(--surface); border-block-end: 1px solid var(--line); }
.brand { display: inline-flex; align-items: center; gap: 0.6rem; color: var(--ink); font-weight: 700; text-decoration: none; }
.mark { inline-size: 1.75rem; block-size: 1.75rem; flex: none; }
.mark rect { fill: #195f9c; } .mark path { fill: none; stroke: #fff; stroke-width: 2.4; stroke-linejoin: round; }
.top-end { display: flex; flex-wrap: wrap; align-items: center; gap: 0.3rem 1.1rem; font-size: 0.9rem; }
.person { color: var(--soft); }
.frame { display: grid; grid-template-columns: 12.5rem minmax(0, 1fr); gap: clamp(1rem, 3vw, 2.5rem); max-inline-size: 80rem; margin-inline: auto; padding: 1.75rem clamp(1rem, 3vw, 2rem) 4rem; }
.frame.alone { display: block; max-inline-size: 26rem; padding-block-start: clamp(1.5rem, 8vh, 5rem); }
.menu ul { list-style: none; padding: 0; display: grid; gap: 0.15rem; position: sticky; inset-block-start: 1rem; }
.menu a { display: block; padding: 0.4rem 0.75rem; border-radius: 0.4rem; color: var(--ink); text-decoration: none; }
.menu a:hover { background: var(--track); }
.menu a[aria-current] { background: var(--accent-wash); color: var(--accent); font-weight: 600; }
.above { font-size: 0.9rem; margin-block-end: 0.35rem; }
.above a::before { content: "← " / ""; }
.zone { margin-block-start: 2.5rem; color: var(--soft); font-size: 0.85rem; }
.lead { color: var(--soft); margin-block: -0.6rem 1.25rem; max-inline-size: 44rem; }
.card { background: var(--surface); border: 1px solid var(--line); border-radius: 0.7rem; padding: 1.25rem clamp(1rem, 2.5vw, 1.5rem); margin-block-end: 1.25rem; }
.card > h2 { margin-block-end: 0.9rem; }
.card > h2 + .hint { margin-block: -0.6rem 0.9rem; }
.card > :last-child { margin-block-end: 0; }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); gap: 1.25rem; align-items: start; margin-block-end: 1.25rem; }
.columns > * { margin-block-end: 0; } .columns > .rows > .card:last-child { margin-block-end: 0; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 11rem), 1fr)); gap: 1rem; margin-block-end: 1.25rem; }
.figures > div { background: var(--surface); border: 1px solid var(--line); border-radius: 0.7rem; padding: 0.9rem 1.1rem 1rem; }
.figures dt { color: var(--soft); font-size: 0.9rem; }
.figures dd.figure { font-size: 1.7rem; line-height: 1.25; font-weight: 600; letter-spacing: -0.02em; font-variant-numeric: tabular-nums; }
.figures dd.more { color: var(--soft); font-size: 0.88rem; }
.empty { color: var(--soft); padding: 1.75rem 1rem; text-align: center; border: 1px dashed var(--edge); border-radius: 0.7rem; margin-block-end: 1.25rem; }
.card .empty { padding: 0.9rem; margin-block-end: 0.9rem; }
.notice { border-inline-start: 4px solid; border-radius: 0.3rem; padding: 0.65rem 0.9rem; margin-block-end: 1.25rem; max-inline-size: 44rem; }
.done { background: var(--good-wash); border-color: var(--good); color: var(--good); }
.refused, .warning.strong { background: var(--bad-wash); border-color: var(--bad); color: var(--bad); }
.warning { background: var(--warn-wash); border-color: var(--warn); color: var(--warn); }
.notice ul { padding-inline-start: 1.2rem; }
main > .notice + .head, main > .notice + .lead { margin-block-start: 0; }
.hint { color: var(--soft); font-size: 0.88rem; }
.error { color: var(--bad); font-size: 0.9rem; font-weight: 600; }
.error::before { content: "! " / ""; font-weight: 700; }
.secret { margin-block-end: 1.25rem; background: var(--accent-wash); border: 1px solid var(--accent); border-radius: 0.7rem; padding: 1.1rem clamp(1rem, 2.5vw, 1.5rem); }
.secret code { display: block; font: 600 1.2rem/1.6 ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace; margin-block: 0.4rem; user-select: all; }
.stack { display: grid; gap: 1rem; max-inline-size: 32rem; }
.stack .notice { margin: 0; }
.stack .pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 9rem), 1fr)); gap: 1rem; align-items: start; }
.field { display: grid; gap: 0.25rem; }
.field > label { font-weight: 600; font-size: 0.95rem; }
.field.check { grid-template-columns: auto 1fr; column-gap: 0.6rem; align-items: baseline; }
.field.check > .hint, .field.check > .error { grid-column: 2; }
.field.check input { inline-size: 1.1rem; block-size: 1.1rem; margin: 0; position: relative; inset-block-start: 0.15rem; accent-color: var(--accent); }
input, select, textarea, button { font: inherit; color: inherit; }
input:not([type=checkbox]), select, textarea { inline-size: 100%; min-inline-size: 0; padding: 0.45rem 0.65rem; background: var(--page); border: 1px solid var(--edge); border-radius: 0.4rem; }
.short input { max-inline-size: 11rem; font-variant-numeric: tabular-nums; }
textarea { resize: vertical; }
[aria-invalid=true] { border-color: var(--bad) !important; box-shadow: 0 0 0 1px var(--bad); }
button { cursor: pointer; overflow-wrap: normal; padding: 0.45rem 1rem; border: 1px solid var(--edge); border-radius: 0.4rem; background: var(--surface); font-weight: 600; min-block-size: 2.25rem; }
button:hover { border-color: var(--ink); }
button.main { background: var(--accent); border-color: var(--accent); color: var(--accent-ink); }
button.main:hover { filter: brightness(1.1); }
button.danger { background: var(--bad-wash); border-color: var(--bad); color: var(--bad); }
button.small { padding: 0.15rem 0.7rem; min-block-size: 1.75rem; font-size: 0.88rem; }
button.plain { border: 0; background: none; padding: 0.1rem 0; min-block-size: 1.5rem; color: var(--accent); text-decoration: underline; text-underline-offset: 0.18em; text-decoration-thickness: 1px; font-weight: 400; }
a.button { display: inline-flex; align-items: center; padding: 0.45rem 1rem; min-block-size: 2.25rem; border-radius: 0.4rem; background: var(--accent); color: var(--accent-ink); font-weight: 600; text-decoration: none; }
a.button:hover { filter: brightness(1.1); }
a.button.danger { background: var(--bad-wash); color: var(--bad); border: 1px solid var(--bad); }
.buttons { display: flex; flex-wrap: wrap; gap: 0.6rem 1.1rem; align-items: center; }
.card > .buttons { margin-block-start: 1rem; }
.inline { display: inline-block; }
.bar { display: flex; flex-wrap: wrap; gap: 0.75rem 1rem; align-items: end; justify-content: space-between; margin-block-end: 1.25rem; }
.search { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: end; flex: 1 1 18rem; max-inline-size: 34rem; }
.search .field { flex: 1 1 12rem; }
.search input { background: var(--surface); }
table { inline-size: 100%; border-collapse: separate; border-spacing: 0; background: var(--surface); border: 1px solid var(--line); border-radius: 0.7rem; margin-block-end: 1.25rem; }
caption { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); }
th, td { text-align: start; vertical-align: top; padding: 0.6rem 0.9rem; border-block-start: 1px solid var(--line); font-weight: 400; }
thead th { border: 0; color: var(--soft); font-size: 0.85rem; font-weight: 600; white-space: nowrap; }
tbody th { font-weight: 600; min-inline-size: 10rem; } tbody th > time { font-weight: 400; }
tbody tr:hover > * { background: color-mix(in srgb, var(--accent-wash) 45%, transparent); }
tr > :first-child { padding-inline-start: 1.1rem; } tr > :last-child { padding-inline-end: 1.1rem; }
.number { text-align: end; font-variant-numeric: tabular-nums; }
td.number { white-space: nowrap; }
td .label { display: none; }
td:not(.number) .value { display: block; min-inline-size: 4.75rem; }
.card table { border: 0; margin-block-end: 0.9rem; }
.card tr > :first-child { padding-inline-start: 0; } .card tr > :last-child { padding-inline-end: 0; }
.card tbody tr:hover > * { background: none; }
.total > * { font-weight: 600; }
.under { display: block; color: var(--soft); font-weight: 400; font-size: 0.88rem; }
.tag { display: inline-block; padding: 0.05rem 0.6rem; border-radius: 1rem; font-size: 0.84rem; font-weight: 600; white-space: nowrap; background: var(--track); color: var(--ink); }
.tag.good { background: var(--good-wash); color: var(--good); } .tag.warn { background: var(--warn-wash); color: var(--warn); } .tag.bad { background: var(--bad-wash); color: var(--bad); }
.tags { display: inline-flex; flex-wrap: wrap; gap: 0.3rem; }
.usage { display: grid; gap: 0.3rem; min-inline-size: 9rem; font-variant-numeric: tabular-nums; }
.usage svg { inline-size: 100%; block-size: 0.4rem; border-radius: 0.2rem; background: var(--track); display: block; }
.usage rect { fill: var(--accent); } .usage .nearly rect { fill: var(--warn); } .usage .full rect { fill: var(--bad); }
.head { margin-block: -0.8rem 1.5rem; display: grid; gap: 0.75rem; max-inline-size: 26rem; }
.list { list-style: none; padding: 0; margin-block-end: 0.9rem; }
.list > li { display: flex; flex-wrap: wrap; gap: 0.3rem 1rem; align-items: center; justify-content: space-between; padding-block: 0.45rem; border-block-start: 1px solid var(--line); }
.list > li:first-child { border: 0; }
.tree ul { list-style: none; padding-inline-start: 1.1rem; border-inline-start: 2px solid var(--line); margin-inline-start: 0.3rem; }
.tree > ul { padding: 0; border: 0; margin: 0; }
.tree li { padding-block: 0.2rem; } .tree .node { font-weight: 600; }
.plain-list { list-style: none; padding: 0; }
.pages { display: flex; flex-wrap: wrap; gap: 0.5rem 1.25rem; align-items: center; color: var(--soft); }
fieldset { border: 0; margin: 0; padding: 0; min-inline-size: 0; display: grid; gap: 1rem; }
legend { float: inline-start; font-weight: 700; font-size: 1.1rem; padding: 0; }
fieldset + fieldset { border-block-start: 1px solid var(--line); padding-block-start: 1.25rem; }
@media (max-width: 52rem) {
  .frame { grid-template-columns: minmax(0, 1fr); padding-block-start: 0.75rem; gap: 1.25rem; }
  .menu ul { display: flex; flex-wrap: wrap; position: static; margin-inline: -0.75rem; }
  .menu a { padding-block: 0.3rem; }
}
@media (max-width: 44rem) {
  table, tbody, tr, th, td { display: block; }
  thead { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); }
  tbody tr { padding: 0.75rem 1rem; border-block-start: 1px solid var(--line); }
  tbody tr:first-child, tbody th, tbody td { border: 0; }
  tbody tr > * { padding: 0.15rem 0 !important; }
  .card tbody tr { padding-inline: 0; }
  tbody th { min-inline-size: 0; }
  tbody td { display: grid; grid-template-columns: minmax(5rem, 28%) minmax(0, 1fr); gap: 0.75rem; text-align: start !important; }
  tbody td .label { display: block; color: var(--soft); font-size: 0.88rem; }
  td.number { white-space: normal; }
  td:has(> .value:empty) { display: none !important; }
  td:not(.number) .value { min-inline-size: 0; }
}
@media (prefers-reduced-motion: no-preference) { a, button, input, .skip { transition: background-color 120ms, border-color 120ms; } }
@media (forced-colors: active) { .usage svg { border: 1px solid; } .usage rect { fill: CanvasText; } .tag { border: 1px solid; } }
`;

/** Changes with the content, so that browsers may keep it for good. */
export const STYLE_PATH = `/console/style.${createHash('sha256').update(STYLE).digest('hex').slice(0, 12)}.css`;

import { hash } from 'node:crypto';
import { html, Markup } from './markup.ts';
import { SCRIPT } from './script.ts';
import { STYLE } from './style.ts';
import type { Speech } from './words.ts';

export interface Frame {
  readonly title: string;
  readonly header: Markup;
  readonly hasScript: boolean;
}

const sourceOf = (text: string): string => `'sha256-${hash('sha256', text, 'base64')}'`;

const POLICY = `default-src 'none'; style-src ${sourceOf(STYLE)}; base-uri 'none'; form-action 'none'`;
/** Nothing may be loaded, and no script or style run but those whose hash is named, whatever the mail on the page holds. */
const policyOf = (hasScript: boolean): string => (hasScript ? `${POLICY}; script-src ${sourceOf(SCRIPT)}` : POLICY);

/** What stands before and behind the content of a page. */
export const framePage = (
  { title, header, hasScript }: Frame,
  { language, words }: Speech,
): { readonly head: Markup; readonly foot: Markup } => ({
  head: html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyOf(hasScript)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="Mailferry">
<title>${title}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<a class="skip" href="#content">${words.skip}</a>
<header>
${header}
</header>
<main id="content">
`,
  foot: html`</main>
<footer>
<p>${words.offline}</p>
</footer>
${new Markup(hasScript ? `<script>${SCRIPT}</script>\n` : '')}</body>
</html>
`,
});

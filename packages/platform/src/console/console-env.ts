import type { Context, Hono } from 'hono';
import type { html } from 'hono/html';
import type { HttpContext } from '../http/http-context.ts';
import type { Account } from '../store/accounts.ts';
import type { Formats } from './formats.ts';
import type { Language } from './language.ts';
import type { ShownOnce } from './shown-once.ts';
import type { Texts } from './texts/texts.ts';

/** Markup in which everything that came from outside is escaped. */
export type Html = ReturnType<typeof html>;

/** In what form the reader sees the pages. */
export interface View {
  readonly language: Language;
  readonly texts: Texts;
  readonly formats: Formats;
  /** Who is logged in; null before the log-in. */
  readonly account: Account | null;
  /** For the hidden field of forms; empty before the log-in. */
  readonly formToken: string;
  /** What was just done, from `?done=`. */
  readonly done: string | null;
}

/** What the pages work with. */
export interface ConsoleContext extends HttpContext {
  readonly shownOnce: ShownOnce;
}

/** Behind the log-in `account` and `token` are there, too. */
export interface ConsoleEnv {
  Variables: { view: View; account: Account; token: string };
}

export type ConsoleApp = Hono<ConsoleEnv>;
export type PageRequest = Context<ConsoleEnv>;

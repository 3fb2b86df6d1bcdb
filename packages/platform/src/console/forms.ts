import { html, raw } from 'hono/html';
import { PlatformError, type PlatformErrorCode } from '../platform-error.ts';
import type { Html, PageRequest, View } from './console-env.ts';
import { FORM_TOKEN_FIELD } from './form-guard.ts';

/** What was typed, by the names of the fields. A checkbox that is off is not there. */
export type Fields = Readonly<Record<string, string>>;

/** A form as the page shows it: fresh, or as it came back with what is wrong. */
export interface FormState {
  /** Unique on its page. */
  readonly id: string;
  readonly values: Fields;
  /** By field; under '' what is about no single field. */
  readonly errors: Fields;
}

export const freshForm = (id: string, values: Fields = {}): FormState => ({ id, values, errors: {} });

/** Of a form that browsers send by default; of anything else, nothing that makes sense. */
export const readFields = async (c: PageRequest): Promise<Fields> => Object.fromEntries(new URLSearchParams(await c.req.text()));

/** How a checkbox is sent that is on; empty for one that is off. */
export const checkedText = (isOn: boolean): string => (isOn ? 'on' : '');

/** Of the page that shows the form. */
export const statusOf = ({ errors }: FormState): 200 | 422 => (Object.keys(errors).length > 0 ? 422 : 200);

export const refusalText = ({ texts }: View, code: string): string =>
  Object.hasOwn(texts.refusals, code) ? texts.refusals[code as keyof typeof texts.refusals] : `${texts.failed.text} (${code})`;

/**
 * Runs a change. Null when it is done; after a refusal its text, under the field that it is about.
 * @param fieldOf the fields of the codes that are about one
 * @throws PlatformError `forbidden`
 */
export const attempt = async (
  view: View,
  change: () => unknown,
  fieldOf: Readonly<Partial<Record<PlatformErrorCode, string>>> = {},
): Promise<Fields | null> => {
  try {
    await change();
    return null;
  } catch (error) {
    if (!(error instanceof PlatformError) || error.code === 'forbidden') throw error;
    return { [fieldOf[error.code] ?? '']: refusalText(view, error.code) };
  }
};

export const hiddenToken = ({ formToken }: View): Html => html`<input type="hidden" name="${FORM_TOKEN_FIELD}" value="${formToken}">`;

interface FormFrame {
  readonly action: string;
  readonly body: Html;
  readonly submit: string;
  readonly tone?: 'danger' | 'quiet';
  readonly cancelHref?: string;
  /** More buttons, beside the one that Enter presses. */
  readonly more?: Html;
}

/** The form, with its refusal on top and its button below. */
export const renderForm = (view: View, state: FormState, { action, body, submit, tone, cancelHref, more }: FormFrame): Html => html`
  <form method="post" action="${action}" class="stack" id="${state.id}">
    ${hiddenToken(view)}
    ${state.errors[''] !== undefined && html`<p class="notice refused" role="alert">${state.errors['']}</p>`}
    ${body}
    <p class="buttons"><button class="${tone ?? 'main'}">${submit}</button>${more}
    ${cancelHref !== undefined && html`<a href="${cancelHref}">${view.texts.layout.cancel}</a>`}</p>
  </form>`;

/** A form that is nothing but its button. `label` says more than the button where there are many. */
export const buttonForm = (
  view: View,
  { action, fields = {}, text, label, tone = 'quiet' }: { action: string; fields?: Fields; text: string; label?: string; tone?: string },
): Html => html`<form method="post" action="${action}" class="inline">${hiddenToken(view)}
  ${Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
  <button class="${tone}" ${label === undefined ? '' : html`aria-label="${label}"`}>${text}</button></form>`;

interface FieldFrame {
  readonly name: string;
  readonly label: string;
  readonly hint?: string | undefined;
}

interface FieldParts {
  readonly id: string;
  readonly value: string;
  /** The attributes that tie hint and refusal to the control. */
  readonly attributes: Html;
}

const fieldParts = (state: FormState, { name, hint }: FieldFrame): FieldParts => {
  const id = `${state.id}-${name}`;
  const error = state.errors[name];
  const described = [hint === undefined ? '' : `${id}-hint`, error === undefined ? '' : `${id}-error`].join(' ').trim();
  const isFirstError = error !== undefined && Object.keys(state.errors)[0] === name;
  return {
    id,
    value: state.values[name] ?? '',
    attributes: html`id="${id}" name="${name}" ${described === '' ? '' : html`aria-describedby="${described}"`}
      ${error === undefined ? '' : raw('aria-invalid="true"')} ${isFirstError ? raw('autofocus') : ''}`,
  };
};

const fieldNotes = (state: FormState, { name, hint }: FieldFrame): Html => {
  const id = `${state.id}-${name}`;
  const error = state.errors[name];
  return html`${hint !== undefined && html`<p class="hint" id="${id}-hint">${hint}</p>`}
    ${error !== undefined && html`<p class="error" id="${id}-error">${error}</p>`}`;
};

interface TextField extends FieldFrame {
  readonly type?: 'text' | 'password' | 'date' | 'datetime-local' | 'time';
  readonly autocomplete?: string;
  readonly inputMode?: 'numeric' | 'decimal' | 'email';
  readonly isShort?: boolean;
  readonly isRequired?: boolean;
  readonly maxLength?: number;
}

export const textField = (state: FormState, field: TextField): Html => {
  const { id, value, attributes } = fieldParts(state, field);
  const { type = 'text', autocomplete = 'off', inputMode, isShort, isRequired, maxLength } = field;
  const isSecret = type === 'password';
  return html`<div class="${isShort ? 'field short' : 'field'}"><label for="${id}">${field.label}</label>
    <input type="${type}" ${attributes} value="${isSecret ? '' : value}" autocomplete="${autocomplete}"
      ${inputMode === undefined ? '' : html`inputmode="${inputMode}"`}
      ${isRequired ? raw('aria-required="true"') : ''} ${maxLength === undefined ? '' : html`maxlength="${maxLength}"`}
      ${inputMode === 'email' || isSecret ? raw('spellcheck="false" autocapitalize="none"') : ''}>
    ${fieldNotes(state, field)}</div>`;
};

export const textArea = (state: FormState, field: FieldFrame & { readonly rows: number }): Html => {
  const { id, value, attributes } = fieldParts(state, field);
  // The newline after the tag is dropped by browsers, one of the value would be otherwise.
  return html`<div class="field"><label for="${id}">${field.label}</label>
    <textarea ${attributes} rows="${field.rows}" spellcheck="false" autocapitalize="none">
${value}</textarea>${fieldNotes(state, field)}</div>`;
};

export interface Choice {
  readonly value: string;
  readonly label: string;
}

export const selectField = (state: FormState, field: FieldFrame & { readonly choices: readonly Choice[] }): Html => {
  const { id, value, attributes } = fieldParts(state, field);
  return html`<div class="field"><label for="${id}">${field.label}</label>
    <select ${attributes}>${field.choices.map(
      (choice) => html`<option value="${choice.value}" ${choice.value === value ? raw('selected') : ''}>${choice.label}</option>`,
    )}</select>${fieldNotes(state, field)}</div>`;
};

export const checkbox = (state: FormState, field: FieldFrame & { readonly isFixed?: boolean }): Html => {
  const { id, value, attributes } = fieldParts(state, field);
  return html`<div class="field check"><input type="checkbox" ${attributes} value="on" ${value === 'on' ? raw('checked') : ''}
    ${field.isFixed ? raw('disabled') : ''}><label for="${id}">${field.label}</label>${fieldNotes(state, field)}</div>`;
};

import { describe, expect, it } from 'vitest';
import { html } from './markup.ts';

describe('mark-up', () => {
  it('lets texts be nothing but text', () => {
    expect(html`<a title="${'"><script>'}">${'</a>&amp;'}</a>`.text).toBe('<a title="&quot;&gt;&lt;script&gt;">&lt;/a&gt;&amp;amp;</a>');
  });

  it('shows in place of what would act on the text beside it that something was there', () => {
    expect(html`${'a\0b\x1b[31m\u202ec\u2066\ud800\tд\n한'}`.text).toBe('a\ufffdb\ufffd[31m\ufffdc\ufffd\ufffd\tд\n한');
  });

  it('takes mark-up in mark-up, and lists of it', () => {
    expect(html`<ul>${[html`<li>${1}</li>`, html`<li>${'<'}</li>`]}</ul>`.text).toBe('<ul><li>1</li><li>&lt;</li></ul>');
  });
});

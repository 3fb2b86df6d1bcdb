import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { htmlText } from './html-text.ts';

describe('the text of HTML', () => {
  it.each([
    ['<p>one</p><p>two <b>three</b></p>', 'one\n\ntwo three'],
    ['a<br>b<BR/>c', 'a\nb\nc'],
    ['<table><tr><td>품목</td><td>단가</td></tr><tr><td>펜</td><td>1,000</td></tr></table>', '품목 단가\n\n펜 1,000'],
    ['<style>p{}</style><SCRIPT>if (a<b) x()</SCRIPT>seen<!-- not <b> this -->', 'seen'],
    ['<title>not</title >seen', 'seen'],
    ['&lt;b&gt; &amp;amp; &#44032;&#xAC01; &nbsp;x&copy; &euro;5 &unknown; &#0; &#xd800;', '<b> &amp; 가각 x© €5 &unknown; \ufffd \ufffd'],
    ['5 < 6 and 7 > 2 <3', '5 < 6 and 7 > 2 <3'],
    ['<p title="a', ''],
    ['seen<!-- never closed', 'seen'],
    ['seen<script>never closed', 'seen'],
    ['İ<script>x</script>seen', 'İseen'],
    ['', ''],
  ])('%j', (html, expected) => {
    expect(htmlText(html)).toBe(expected);
  });

  it('never throws and holds no tag, whatever the HTML', () => {
    const piece = fc.constantFrom('<', '>', '<!--', '-->', '<script', '</script', '&', '&#', ';', '"', '/', 'p', ' ', '한', '<![CDATA[');
    fc.assert(
      fc.property(
        fc.array(piece).map((pieces) => pieces.join('')),
        (html) => {
          expect(htmlText(html)).not.toMatch(/<\/?(?:p|script)\b[^>]*>/);
        },
      ),
    );
  });

  it.each(['<', '<!--', '<a ', '<script>', '<p', '&', '</', '<title', '&#1', '<!'])(
    'takes no more than its length in time: %j',
    (piece) => {
      const startMs = performance.now();
      htmlText(piece.repeat(1_000_000 / piece.length));
      expect(performance.now() - startMs).toBeLessThan(2_000);
    },
  );
});

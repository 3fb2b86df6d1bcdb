import { describe, expect, it } from 'vitest';
import { displayWidth } from './display-width.ts';
import { labelledLines, numberTable, textTable } from './table.ts';

const rows = [
  ['메일함', 'Source', '대상'],
  ['INBOX', '1,204', '1,204'],
  ['프로젝트/아주 긴 이름의 메일함', '12', '–'],
  ['합계', '1,216', '1,204'],
];

describe('tables', () => {
  it('are aligned by what a terminal shows, not by characters', () => {
    expect(numberTable(rows, 80)).toEqual([
      '메일함                          Source   대상',
      '─────────────────────────────────────────────',
      'INBOX                            1,204  1,204',
      '프로젝트/아주 긴 이름의 메일함      12      –',
      '─────────────────────────────────────────────',
      '합계                             1,216  1,204',
    ]);
  });

  it('shorten the names in a narrow terminal', () => {
    const lines = numberTable(rows, 30);
    expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(30);
    expect(lines[3]).toBe('프로젝트/아주 …      12      –');
  });

  it('of labels put the values below each other', () => {
    expect(
      labelledLines([
        ['아카이브', '/a'],
        ['To', 'b'],
      ]),
    ).toEqual(['아카이브  /a', 'To        b']);
  });

  it('of labels let long values go on below, and never break a word', () => {
    expect(labelledLines([['Capabilities', `IDLE MOVE ${'x'.repeat(30)} ID`]], 35)).toEqual([
      'Capabilities  IDLE MOVE',
      `              ${'x'.repeat(30)}`,
      '              ID',
    ]);
  });

  it('of texts line up by what a terminal shows', () => {
    expect(
      textTable([
        ['Id', 'Name', ''],
        ['naver', '네이버', 'TLS'],
        ['whois', 'Whois', ''],
      ]),
    ).toEqual(['Id     Name', '──────────────────', 'naver  네이버  TLS', 'whois  Whois']);
  });
});

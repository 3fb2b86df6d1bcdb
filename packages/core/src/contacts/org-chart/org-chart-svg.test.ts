import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyContact, emptyEmail, emptyOrganization } from '../contact.ts';
import { buildOrgChart, type OrgChart } from './org-chart.ts';
import { orgChartSvg } from './org-chart-svg.ts';

const chartOf = (people: readonly (readonly [department: string, name: string, title?: string])[]): OrgChart =>
  buildOrgChart(
    people.map(([department, name, title = ''], row) => ({
      row,
      contact: {
        ...emptyContact(),
        name: { ...emptyContact().name, full: name },
        emails: [{ ...emptyEmail(), address: `${row}@example.com` }],
        organizations: [{ ...emptyOrganization(), department, title }],
      },
    })),
  );

/** Every tag closed in its order, and nothing that isn't XML. */
const expectWellFormed = (svg: string): void => {
  const open: string[] = [];
  for (const [tag, end, name = '', rest = ''] of svg.matchAll(/<(\/?)(\w+)((?:\s[\w:-]+="[^"<]*")*\/?)>/g)) {
    if (end === '/') expect(open.pop(), tag).toBe(name);
    else if (!rest.endsWith('/')) open.push(name);
  }
  expect(open).toEqual([]);
  const text = svg.replace(/<\/?\w+(?:\s[\w:-]+="[^"<]*")*\/?>/g, '');
  expect(text).not.toMatch(/[<>]|&(?!amp;|lt;|gt;|quot;|#39;)/);
  expect(svg).not.toMatch(/[^\P{Cc}\n]|[\ufffe\uffff]/u);
  expect(svg.isWellFormed()).toBe(true);
};

describe('the picture of an org chart', () => {
  it('says what it shows to those who cannot see it, and needs nothing besides', () => {
    const svg = orgChartSvg(
      chartOf([
        ['본사>영업팀', '김민준', '과장'],
        ['본사', '이서연', '대표이사'],
      ]),
      { title: '우리상사', withMembers: true },
    );
    expectWellFormed(svg);
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" class="oc" role="img" aria-labelledby="oc-title oc-desc"/);
    expect(svg).toContain('<title id="oc-title">우리상사</title>');
    expect(svg).toContain('<desc id="oc-desc">부서 2개 · 2명. 본사</desc>');
    expect(svg).toContain('<title>본사 &gt; 영업팀 · 1명</title>');
    expect(svg).toContain('<title>김민준 · 과장 · 0@example.com</title>');
    expect(svg).toContain('prefers-color-scheme:dark');
    expect(svg).not.toMatch(/<script|href|@import|url\(/);
  });

  it('speaks English, and of a chart of nobody', () => {
    const svg = orgChartSvg(
      chartOf([
        ['A', 'x'],
        ['B', 'y'],
        ['B', 'z'],
      ]),
      { language: 'en' },
    );
    expect(svg).toContain('>2 departments · 3 people<');
    expect(svg).toContain('>1 person<');
    expect(orgChartSvg(chartOf([]))).toContain('부서도 구성원도 없습니다.');
    expectWellFormed(orgChartSvg(chartOf([])));
  });

  it('cuts long names and keeps them in full beside', () => {
    const name = '아주 긴 이름을 가진 부서의 이름'.repeat(3);
    const svg = orgChartSvg(chartOf([[`${name}>B`, 'x']]));
    expect(svg).toContain(`<title>${name} · 1명`);
    expect(svg).toMatch(/<text class="oc-name"[^>]*>아주 긴 이름을 가진 부서의…<\/text>/);
  });

  it('counts members beyond the first twenty', () => {
    const svg = orgChartSvg(chartOf(Array.from({ length: 23 }, (_, index) => ['A', `n${index}`] as const)), { withMembers: true });
    expect(svg.match(/class="oc-member"/g)).toHaveLength(20);
    expect(svg).toContain('>외 3명<');
  });

  it('runs from the top down while it fits, else from left to right', () => {
    const sizeOf = (svg: string): number[] => [...svg.slice(0, 300).matchAll(/(?:width|height)="(\d+)"/g)].map(([, size]) => Number(size));
    const [smallWidth = 0, smallHeight = 0] = sizeOf(
      orgChartSvg(chartOf(Array.from({ length: 8 }, (_, index) => [`A>${index}`, 'x'] as const))),
    );
    expect(smallWidth).toBeGreaterThan(smallHeight);
    const [width = 0, height = 0] = sizeOf(
      orgChartSvg(chartOf(Array.from({ length: 500 }, (_, index) => [`A>${index % 20}>${index}`, 'x'] as const))),
    );
    expect(width).toBeLessThan(700);
    expect(height).toBeGreaterThan(10_000);
  });

  it('is well-formed and harmless whatever the names are', () => {
    const name = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '</title><script>alert(1)</script>',
        '"><img src=x onerror=alert(1)>',
        '&lt;\'"',
        ']]>',
        '\0\x1b\ud800',
        '\u202egnp.exe',
        '<!--',
        '&#x0;',
      ),
    );
    const people = fc.array(
      fc.tuple(
        fc.array(name, { maxLength: 4 }).map((names) => names.join('>')),
        name,
        name,
      ),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(people, name, fc.boolean(), (rows, title, withMembers) => {
        const svg = orgChartSvg(chartOf(rows), { title, withMembers });
        expectWellFormed(svg);
        expect(svg).not.toMatch(/<(?:script|img|!--)/);
      }),
    );
  });
});

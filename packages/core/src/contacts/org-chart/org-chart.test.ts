import { describe, expect, it } from 'vitest';
import { emptyContact, emptyEmail, emptyOrganization } from '../contact.ts';
import { buildOrgChart, type OrgChartRow, type OrgDepartment } from './org-chart.ts';
import { orgChartJson } from './org-chart-json.ts';

type Person = readonly [department: string, name: string, title?: string, email?: string];

const rowsOf = (people: readonly Person[]): OrgChartRow[] =>
  people.map(([department, name, title = '', email = `${name}@example.com`], index) => ({
    row: index + 2,
    contact: {
      ...emptyContact(),
      name: { ...emptyContact().name, full: name },
      emails: [{ ...emptyEmail(), address: email }],
      phones: [
        { label: 'extension', isPrimary: false, number: '301' },
        { label: 'mobile', isPrimary: false, number: `010-0000-000${index}` },
      ],
      organizations: [{ ...emptyOrganization(), department, title }],
    },
  }));

const outline = (departments: readonly OrgDepartment[]): unknown[] =>
  departments.map(({ name, people, members, departments: below }) => [name, people, members.map((member) => member.name), outline(below)]);

const COMPANY: readonly Person[] = [
  ['우리상사', '김대표', '대표이사'],
  ['우리상사 > 영업본부>해외영업팀', '이과장', '과장'],
  ['우리상사>경영지원본부', '박부장', '부장'],
  ['우리상사>영업본부', '최이사', '이사'],
  ['우리상사>영업본부>해외영업팀', '정대리', '대리'],
  ['연구소', '강박사'],
  ['', '조고문', '고문'],
];

describe('an org chart', () => {
  it('is the tree of the paths in the order of the file, with everyone below counted', () => {
    const chart = buildOrgChart(rowsOf(COMPANY));
    expect(outline(chart.departments)).toEqual([
      [
        '우리상사',
        5,
        ['김대표'],
        [
          ['영업본부', 3, ['최이사'], [['해외영업팀', 2, ['이과장', '정대리'], []]]],
          ['경영지원본부', 1, ['박부장'], []],
        ],
      ],
      ['연구소', 1, ['강박사'], []],
    ]);
    expect(chart).toMatchObject({ people: 7, departmentCount: 5 });
    expect(chart.withoutDepartment.map(({ name }) => name)).toEqual(['조고문']);
    expect(chart.problems).toEqual([{ row: 8, reason: 'department-missing', department: '' }]);
  });

  it('is plain JSON', () => {
    const json = orgChartJson(buildOrgChart(rowsOf(COMPANY.slice(3))));
    expect(JSON.parse(JSON.stringify(json))).toEqual(json);
    expect(json).toMatchInlineSnapshot(`
      {
        "departmentCount": 4,
        "departments": [
          {
            "departments": [
              {
                "departments": [
                  {
                    "departments": [],
                    "members": [
                      {
                        "email": "정대리@example.com",
                        "name": "정대리",
                        "phone": "010-0000-0001",
                        "title": "대리",
                      },
                    ],
                    "name": "해외영업팀",
                    "path": [
                      "우리상사",
                      "영업본부",
                      "해외영업팀",
                    ],
                    "people": 1,
                  },
                ],
                "members": [
                  {
                    "email": "최이사@example.com",
                    "name": "최이사",
                    "phone": "010-0000-0000",
                    "title": "이사",
                  },
                ],
                "name": "영업본부",
                "path": [
                  "우리상사",
                  "영업본부",
                ],
                "people": 2,
              },
            ],
            "members": [],
            "name": "우리상사",
            "path": [
              "우리상사",
            ],
            "people": 2,
          },
          {
            "departments": [],
            "members": [
              {
                "email": "강박사@example.com",
                "name": "강박사",
                "phone": "010-0000-0002",
                "title": "",
              },
            ],
            "name": "연구소",
            "path": [
              "연구소",
            ],
            "people": 1,
          },
        ],
        "kind": "org-chart",
        "people": 4,
        "withoutDepartment": [
          {
            "email": "조고문@example.com",
            "name": "조고문",
            "phone": "010-0000-0003",
            "title": "고문",
          },
        ],
      }
    `);
  });

  it('refuses rows whose path has an empty segment or too many of them', () => {
    const deep = Array.from({ length: 21 }, (_, index) => `d${index}`);
    const chart = buildOrgChart(
      rowsOf([
        ['A>>B', 'x'],
        ['>A', 'x'],
        ['A> ', 'x'],
        ['>', 'x'],
        [deep.join('>'), 'x'],
        [deep.slice(1).join('>'), 'x'],
        ['>'.repeat(1_000_000), 'x'],
      ]),
    );
    expect(chart.problems.map(({ row, reason }) => [row, reason])).toEqual([
      [2, 'segment-empty'],
      [3, 'segment-empty'],
      [4, 'segment-empty'],
      [5, 'segment-empty'],
      [6, 'too-deep'],
      [8, 'segment-empty'],
    ]);
    expect(chart).toMatchObject({ people: 1, departmentCount: 20 });
  });

  it('names a person once in a department, by address or else by name, however it is written', () => {
    const chart = buildOrgChart(
      rowsOf([
        ['A', '김', '', 'kim@example.com'],
        ['A', '김 민준', '', 'KIM@example.com'],
        ['A>B', '김', '', 'kim@example.com'],
        ['A', '이', '', ''],
        ['A', '이'.normalize('NFD'), '', ''],
        ['A'.normalize('NFD'), '이', '', 'lee@example.com'],
      ]),
    );
    expect(outline(chart.departments)).toEqual([['A', 4, ['김', '이', '이'], [['B', 1, ['김'], []]]]]);
    expect(chart.problems.map(({ row, reason }) => [row, reason])).toEqual([
      [3, 'person-repeated'],
      [6, 'person-repeated'],
    ]);
  });

  it('is bounded', () => {
    const many = buildOrgChart(rowsOf(Array.from({ length: 100_002 }, (_, index) => ['A', `n${index}`] as const)));
    expect(many.people).toBe(100_000);
    expect(many.problems).toEqual([{ row: 100_002, reason: 'too-many-people', department: 'A' }]);
    const broad = buildOrgChart(rowsOf(Array.from({ length: 20_001 }, (_, index) => [`d${index}`, 'x'] as const)));
    expect(broad.departmentCount).toBe(20_000);
    expect(broad.problems).toMatchObject([{ row: 20_002, reason: 'too-many-departments' }]);
  });
});

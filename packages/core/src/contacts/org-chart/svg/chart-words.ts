export type ChartLanguage = 'ko' | 'en';

/** What the picture of a chart says besides names. */
export interface ChartWords {
  readonly chart: string;
  /** A department of those who are in none. */
  readonly withoutDepartment: string;
  readonly nobody: string;
  people(count: number): string;
  departments(count: number): string;
  /** Members that are not shown. */
  more(count: number): string;
}

const plural = (count: number, one: string, many: string): string => `${count.toLocaleString('en')} ${count === 1 ? one : many}`;

export const CHART_WORDS: Readonly<Record<ChartLanguage, ChartWords>> = {
  ko: {
    chart: '조직도',
    withoutDepartment: '소속 없음',
    nobody: '부서도 구성원도 없습니다.',
    people: (count) => `${count.toLocaleString('ko')}명`,
    departments: (count) => `부서 ${count.toLocaleString('ko')}개`,
    more: (count) => `외 ${count.toLocaleString('ko')}명`,
  },
  en: {
    chart: 'Org chart',
    withoutDepartment: 'No department',
    nobody: 'No departments and no people.',
    people: (count) => plural(count, 'person', 'people'),
    departments: (count) => plural(count, 'department', 'departments'),
    more: (count) => `and ${count.toLocaleString('en')} more`,
  },
};

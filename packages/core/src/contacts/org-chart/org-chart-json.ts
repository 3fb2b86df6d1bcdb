import type { OrgChart, OrgDepartment, OrgMember } from './org-chart.ts';

interface MemberJson {
  readonly name: string;
  readonly title: string;
  readonly email: string;
  readonly phone: string;
}

interface DepartmentJson {
  readonly name: string;
  readonly path: readonly string[];
  readonly people: number;
  readonly members: readonly MemberJson[];
  readonly departments: readonly DepartmentJson[];
}

/** A chart as plain JSON, without the problems of its file. */
export interface OrgChartJson {
  readonly kind: 'org-chart';
  readonly people: number;
  readonly departmentCount: number;
  readonly departments: readonly DepartmentJson[];
  readonly withoutDepartment: readonly MemberJson[];
}

const memberJson = ({ name, title, email, phone }: OrgMember): MemberJson => ({ name, title, email, phone });

const departmentJson = ({ name, path, people, members, departments }: OrgDepartment): DepartmentJson => ({
  name,
  path,
  people,
  members: members.map(memberJson),
  departments: departments.map(departmentJson),
});

export const orgChartJson = ({ people, departmentCount, departments, withoutDepartment }: OrgChart): OrgChartJson => ({
  kind: 'org-chart',
  people,
  departmentCount,
  departments: departments.map(departmentJson),
  withoutDepartment: withoutDepartment.map(memberJson),
});

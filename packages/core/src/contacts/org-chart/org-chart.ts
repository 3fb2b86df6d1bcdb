import type { Contact, ContactPhone } from '../contact.ts';
import { displayName } from '../display-name.ts';

/** A row of a file that tells who is in which department: `Mailplug org chart` or any other format. */
export interface OrgChartRow {
  readonly row: number;
  /** The first organization's `department` is a path joined by `>`, its `title` the rank. */
  readonly contact: Contact;
}

export interface OrgMember {
  /** Where the file has it, for reports. */
  readonly row: number;
  readonly name: string;
  readonly title: string;
  readonly email: string;
  /** A mobile number where there is one, else the first. */
  readonly phone: string;
}

export interface OrgDepartment {
  readonly name: string;
  /** Names from the top down to its own. */
  readonly path: readonly string[];
  readonly members: readonly OrgMember[];
  readonly departments: readonly OrgDepartment[];
  /** Its own and those of all departments below. */
  readonly people: number;
}

/** Why a row is not in the tree as it stands. Permanent. */
export const ORG_CHART_PROBLEMS = [
  /** Listed under `withoutDepartment`. */
  'department-missing',
  /** `A>>B`: refused. */
  'segment-empty',
  /** More than 20 levels: refused. */
  'too-deep',
  /** The same address, or the same name without one, in the same department: only the first is kept. */
  'person-repeated',
  /** More than 20,000 departments: refused. */
  'too-many-departments',
  /** More than 100,000 people: this row and all after it are left out. */
  'too-many-people',
] as const;
export type OrgChartProblem = (typeof ORG_CHART_PROBLEMS)[number];

export interface OrgChartRowProblem {
  readonly row: number;
  readonly reason: OrgChartProblem;
  /** As the row has it. */
  readonly department: string;
}

/** Departments and people in the order of the file. */
export interface OrgChart {
  /** At the top. */
  readonly departments: readonly OrgDepartment[];
  readonly withoutDepartment: readonly OrgMember[];
  /** With those without a department. */
  readonly people: number;
  /** On all levels. */
  readonly departmentCount: number;
  readonly problems: readonly OrgChartRowProblem[];
}

const MAX_PEOPLE = 100_000;
const MAX_DEPARTMENTS = 20_000;
const MAX_DEPTH = 20;
const SEPARATOR = '>';

/** A department that is still being filled. */
class DepartmentDraft {
  readonly path: readonly string[];
  readonly members: OrgMember[] = [];
  readonly departments = new Map<string, DepartmentDraft>();
  readonly #identities = new Set<string>();

  constructor(path: readonly string[]) {
    this.path = path;
  }

  /** False for somebody who is there. */
  add(member: OrgMember): boolean {
    const identity = member.email === '' ? `\0${member.name.normalize('NFC')}` : member.email.toLowerCase();
    if (this.#identities.has(identity)) return false;
    this.#identities.add(identity);
    this.members.push(member);
    return true;
  }

  finish(): OrgDepartment {
    const departments = [...this.departments.values()].map((department) => department.finish());
    const below = departments.reduce((sum, { people }) => sum + people, 0);
    return { name: this.path.at(-1) ?? '', path: this.path, members: this.members, departments, people: this.members.length + below };
  }
}

const memberOf = ({ row, contact }: OrgChartRow): OrgMember => {
  const isMobile = ({ label }: ContactPhone): boolean => label === 'mobile';
  return {
    row,
    name: displayName(contact).trim(),
    title: contact.organizations[0]?.title.trim() ?? '',
    email: contact.emails[0]?.address.trim() ?? '',
    phone: (contact.phones.find(isMobile) ?? contact.phones[0])?.number.trim() ?? '',
  };
};

class OrgChartDraft {
  readonly #top = new DepartmentDraft([]);
  readonly #problems: OrgChartRowProblem[] = [];
  #departmentCount = 0;
  #people = 0;

  /** False where the chart is full. */
  add(row: OrgChartRow): boolean {
    const department = row.contact.organizations[0]?.department ?? '';
    const isFull = this.#people === MAX_PEOPLE;
    const reason = isFull ? 'too-many-people' : this.#place(memberOf(row), department);
    if (reason !== null) this.#problems.push({ row: row.row, reason, department });
    return !isFull;
  }

  finish(): OrgChart {
    const { departments, members, people } = this.#top.finish();
    return { departments, withoutDepartment: members, people, departmentCount: this.#departmentCount, problems: this.#problems };
  }

  #place(member: OrgMember, department: string): OrgChartProblem | null {
    const isMissing = department.trim() === '';
    const names = isMissing ? [] : department.split(SEPARATOR, MAX_DEPTH + 1).map((name) => name.trim());
    if (names.includes('')) return 'segment-empty';
    if (names.length > MAX_DEPTH) return 'too-deep';
    const place = this.#department(names);
    if (place === null) return 'too-many-departments';
    if (!place.add(member)) return 'person-repeated';
    this.#people += 1;
    return isMissing ? 'department-missing' : null;
  }

  #department(names: readonly string[]): DepartmentDraft | null {
    let place = this.#top;
    for (const [depth, name] of names.entries()) {
      const key = name.normalize('NFC');
      let below = place.departments.get(key);
      if (below === undefined) {
        if (this.#departmentCount === MAX_DEPARTMENTS) return null;
        this.#departmentCount += 1;
        below = new DepartmentDraft(names.slice(0, depth + 1));
        place.departments.set(key, below);
      }
      place = below;
    }
    return place;
  }
}

/** The tree of departments behind the paths of the rows, and what is wrong with rows. Reads no further once the chart is full. */
export const buildOrgChart = (rows: Iterable<OrgChartRow>): OrgChart => {
  const draft = new OrgChartDraft();
  for (const row of rows) if (!draft.add(row)) break;
  return draft.finish();
};

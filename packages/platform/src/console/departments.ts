import type { Department } from '../store/directory.ts';
import type { Choice } from './forms.ts';

/** The path of a department, joined by ` > ` (SPEC C8). */
export const departmentPath = (departments: readonly Department[], id: number | null): string => {
  const found = id === null ? undefined : departments.find((department) => department.id === id);
  if (!found) return '';
  return found.parentId === null ? found.name : `${departmentPath(departments, found.parentId)} > ${found.name}`;
};

/** By path; the first one is none. */
export const departmentChoices = (departments: readonly Department[], none: string): Choice[] => [
  { value: '', label: none },
  ...departments
    .map(({ id }) => ({ value: String(id), label: departmentPath(departments, id) }))
    .toSorted((a, b) => a.label.localeCompare(b.label)),
];

/** Null for none, undefined if it is no number. */
export const readDepartment = (text: string | undefined): number | null | undefined => {
  if (text === undefined || text === '') return null;
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
};

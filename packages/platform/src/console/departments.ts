import type { Department } from '../store/directory.ts';
import type { Choice } from './forms.ts';

/** The paths of departments by id, joined by ` > ` (SPEC C8). */
export const departmentPaths = (departments: readonly Department[]): ReadonlyMap<number | null, string> => {
  const byId = new Map(departments.map((department) => [department.id, department]));
  const paths = new Map<number | null, string>();
  const pathOf = ({ id, parentId, name }: Department): string => {
    const parent = parentId === null ? undefined : byId.get(parentId);
    const path = paths.get(id) ?? (parent ? `${pathOf(parent)} > ${name}` : name);
    paths.set(id, path);
    return path;
  };
  departments.forEach(pathOf);
  return paths;
};

/** By path; the first one is none. */
export const departmentChoices = (departments: readonly Department[], none: string): Choice[] => [
  { value: '', label: none },
  ...Array.from(departmentPaths(departments), ([id, label]) => ({ value: String(id), label })).toSorted((a, b) =>
    a.label.localeCompare(b.label),
  ),
];

/** Null for none, undefined if it is no number. */
export const readDepartment = (text: string | undefined): number | null | undefined => {
  if (text === undefined || text === '') return null;
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
};

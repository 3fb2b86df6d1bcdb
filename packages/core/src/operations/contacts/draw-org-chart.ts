import { type Disk, nodeDisk } from '../../archive/disk.ts';
import { isRejected, type RejectedRow } from '../../contacts/contact-format.ts';
import { buildOrgChart, type OrgChart, type OrgChartRow, type OrgChartRowProblem } from '../../contacts/org-chart/org-chart.ts';
import { orgChartJson } from '../../contacts/org-chart/org-chart-json.ts';
import { type OrgChartSvgOptions, orgChartSvg } from '../../contacts/org-chart/org-chart-svg.ts';
import { type ContactReading, type ContactSource, openContacts } from './contact-source.ts';

export interface DrawOrgChartOptions extends ContactReading, Pick<OrgChartSvgOptions, 'withMembers' | 'language'> {
  readonly path: string;
  /** Replaced if it is there. */
  readonly out: string;
  readonly as: 'svg' | 'json';
  /** Default: the machine's own. */
  readonly disk?: Disk;
  readonly signal: AbortSignal;
}

export interface OrgChartReport {
  readonly kind: 'org-chart-drawn';
  readonly path: string;
  readonly detected: ContactSource['detected'];
  readonly out: string;
  readonly people: number;
  readonly departments: number;
  readonly withoutDepartment: number;
  readonly problems: readonly OrgChartRowProblem[];
  /** Rows that could not be read. */
  readonly rejected: readonly RejectedRow[];
}

async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

const contentOf = (chart: OrgChart, { as, withMembers, language }: DrawOrgChartOptions): string =>
  as === 'json' ? `${JSON.stringify(orgChartJson(chart), null, 2)}\n` : orgChartSvg(chart, { withMembers, language });

/** Draws the departments of a file as a tree, by the paths of its column 소속. Errors: those of `openContacts`, `disk-full`, `disk-failed`. */
export const drawOrgChart = async (options: DrawOrgChartOptions): Promise<OrgChartReport> => {
  const { path, out, disk = nodeDisk, signal } = options;
  const source = await openContacts(path, options, signal);
  const rows: OrgChartRow[] = [];
  const rejected: RejectedRow[] = [];
  for await (const batch of source.rows()) {
    for (const row of batch) {
      if (isRejected(row)) rejected.push(row);
      else rows.push({ row: row.row, contact: row.contact });
    }
  }
  const chart = buildOrgChart(rows);
  await disk.replace(out, once(contentOf(chart, options)));
  return {
    kind: 'org-chart-drawn',
    path,
    detected: source.detected,
    out,
    people: chart.people,
    departments: chart.departmentCount,
    withoutDepartment: chart.withoutDepartment.length,
    problems: chart.problems,
    rejected,
  };
};

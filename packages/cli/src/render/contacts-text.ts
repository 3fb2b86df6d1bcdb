import type {
  ConvertContactsReport,
  DedupeContactsReport,
  DownloadContactsReport,
  OrgChartReport,
  UploadContactsReport,
} from '@mailferry/core/contacts';
import type { ContactsReport } from '../exit-code.ts';
import type { Texts } from '../texts.ts';
import { detectionRows, formatAndId } from './contacts-detection.ts';
import { fieldText, listLines, lossLines, placeText, rejectedText, rowsText } from './contacts-rows.ts';
import { printable, wrapToWidth } from './display-width.ts';
import { labelledLines } from './table.ts';

type Row = readonly [label: string, value: string];

const rejectedLines = (report: ConvertContactsReport, texts: Texts, columns: number): string[] => {
  const isOne = report.sources.length === 1;
  const items = report.rejectedRows.map((rejected) => {
    const place = rejectedText(rejected, texts);
    return isOne ? place : texts.text('row.in-file', { path: printable(rejected.path), place });
  });
  return listLines(texts.text('contacts.rejected-heading', { count: report.rejected }), items, report.rejected, texts, columns);
};

/** A file and its format. */
const fileText = (file: string, format: string, texts: Texts): string => {
  const described = formatAndId(format, texts);
  return `${file} – ${described}`;
};

const convertedSentence = ({ written, rejected, contactsWithLosses }: ConvertContactsReport, texts: Texts): string => {
  if (rejected > 0) return texts.text('final.contacts-rejected', { written, rejected });
  if (contactsWithLosses > 0) return texts.text('final.contacts-lossy', { written, lossy: contactsWithLosses });
  return texts.text('final.contacts-converted', { written });
};

const convertedRows = (report: ConvertContactsReport, texts: Texts): Row[] => {
  const { sources, to, files, rejected, joined, incomplete, incompleteRows } = report;
  const rows: Row[] = sources.map(({ path, detected }) => [texts.text('contacts.read'), fileText(printable(path), detected.format, texts)]);
  for (const { path, contacts } of files) {
    const written = texts.text('contacts.file-value', { path: printable(path), count: contacts });
    rows.push([texts.text('contacts.written'), fileText(written, to, texts)]);
  }
  if (joined > 0) rows.push([texts.text('contacts.joined'), texts.text('contacts.count', { count: joined })]);
  if (rejected > 0) rows.push([texts.text('contacts.rejected'), texts.text('contacts.rows', { count: rejected })]);
  if (incomplete > 0) {
    const shown = rowsText(incompleteRows, incomplete);
    rows.push([texts.text('contacts.incomplete'), texts.text('contacts.incomplete-value', { count: incomplete, rows: shown })]);
  }
  if (report.details !== null) rows.push([texts.text('contacts.details'), printable(report.details)]);
  return rows;
};

const convertedText = (report: ConvertContactsReport, texts: Texts, columns: number): string[][] => [
  labelledLines(convertedRows(report, texts), columns),
  lossLines(report.losses, texts),
  rejectedLines(report, texts, columns),
  wrapToWidth(convertedSentence(report, texts), columns, 0),
];

const groupText = ({ name, email }: DedupeContactsReport['merged'][number], places: string, texts: Texts): string => {
  const who = email === '' ? printable(name) : `${printable(name)} <${printable(email)}>`;
  const rows = texts.text('contacts.group-rows', { rows: places });
  return `${who}: ${rows}`;
};

const dedupedText = (report: DedupeContactsReport, texts: Texts, columns: number): string[][] => {
  const { merged, groups, written, rejections } = report;
  const severalFiles = new Set(merged.flatMap(({ rows }) => rows.map(({ path }) => path))).size > 1;
  const placeOf = ({ path, row }: { path: string; row: number }): string =>
    severalFiles ? texts.text('row.in-file', { path: printable(path), place: texts.text('row.line', { row }) }) : String(row);
  const items = merged.flatMap((group) => [
    groupText(group, group.rows.map(placeOf).join(', '), texts),
    ...group.conflicts.map(({ row, field, label, value }) => {
      const conflict = texts.text('contacts.conflict', { row, field: fieldText(field, label, texts), value: printable(value) });
      return `  ${conflict}`;
    }),
  ]);
  const preview = texts.text(groups === 0 ? 'final.contacts-no-duplicates' : 'final.contacts-preview');
  const unread = rejections.map(({ reason, rows }): Row => {
    const why = texts.text(`row.${reason}`);
    const count = texts.text('contacts.rows', { count: rows });
    return [texts.text('contacts.unreadable'), `${count}: ${why}`];
  });
  return [
    written ? [] : labelledLines(unread, columns),
    listLines(texts.text('contacts.groups-heading', { count: groups }), items, items.length, texts, columns),
    ...(written ? convertedText(written, texts, columns) : [wrapToWidth(preview, columns, 0)]),
  ];
};

const uploadedSentence = (report: UploadContactsReport, texts: Texts): string => {
  const { rows, imported, present, missing, rejected, refused, book } = report;
  if (missing.length > 0) return texts.text('final.contacts-missing', { missing: missing.length });
  if (rejected + refused > 0) return texts.text('final.contacts-not-all', { done: imported + present, rows });
  return texts.text(book === 'org-chart' ? 'final.contacts-placed' : 'final.contacts-uploaded', { rows });
};

const uploadedText = (report: UploadContactsReport, texts: Texts, columns: number): string[][] => {
  const { path, detected, book, imported, present, rejected, refused, missing, losses } = report;
  const counted = (label: string, count: number): Row[] => (count > 0 ? [[label, texts.text('contacts.rows', { count })]] : []);
  const rejectedItems = report.rejectedRows.map((row) => rejectedText(row, texts));
  const refusedItems = report.refusedRows.map((row) => {
    const place = placeText(row, texts);
    return `${place} [${printable(row.reason)}]`;
  });
  return [
    labelledLines(
      [
        [texts.text('contacts.read'), fileText(printable(path), detected.format, texts)],
        [texts.text('contacts.book'), texts.text(`contacts.book.${book}`)],
        [texts.text('contacts.imported'), texts.text('contacts.rows', { count: imported })],
        ...counted(texts.text('contacts.present'), present),
        ...counted(texts.text('contacts.rejected'), rejected),
        ...counted(texts.text('contacts.refused'), refused),
        ...counted(texts.text('contacts.missing'), missing.length),
      ],
      columns,
    ),
    lossLines(losses, texts),
    listLines(texts.text('contacts.rejected-heading', { count: rejected }), rejectedItems, rejected, texts, columns),
    listLines(texts.text('contacts.refused-heading', { count: refused }), refusedItems, refused, texts, columns),
    wrapToWidth(uploadedSentence(report, texts), columns, 0),
  ];
};

const downloadedText = (report: DownloadContactsReport, texts: Texts, columns: number): string[][] => {
  const { leftOut, book, contacts, written } = report;
  const items = leftOut.map(({ field, contacts: count }) => [printable(field), texts.text('contacts.count', { count })].join(': '));
  const bookName = [texts.text(`contacts.book.${book}`), texts.text('contacts.count', { count: contacts })].join(', ');
  return [
    labelledLines(
      [
        [texts.text('contacts.book'), bookName],
        ...convertedRows(written, texts).filter(([label]) => label !== texts.text('contacts.read')),
      ],
      columns,
    ),
    listLines(texts.text('contacts.left-out-heading', { count: leftOut.length }), items, items.length, texts, columns),
    lossLines(written.losses, texts),
    rejectedLines(written, texts, columns),
    wrapToWidth(convertedSentence(written, texts), columns, 0),
  ];
};

const chartText = (report: OrgChartReport, texts: Texts, columns: number): string[][] => {
  const { path, detected, people, departments, withoutDepartment, problems, rejected, out } = report;
  const items = [
    ...rejected.map((row) => rejectedText(row, texts)),
    ...problems.map(({ row, reason, department }) => {
      const place = texts.text('row.line', { row });
      const problem = { place, reason: texts.text(`chart.${reason}`), code: reason };
      if (department === '') return texts.text('row.chart', problem);
      return texts.text('row.chart-department', { ...problem, department: printable(department) });
    }),
  ];
  return [
    labelledLines(
      [
        [texts.text('contacts.read'), fileText(printable(path), detected.format, texts)],
        [texts.text('contacts.people'), texts.number(people)],
        [texts.text('contacts.departments'), texts.number(departments)],
        ...(withoutDepartment > 0 ? [[texts.text('contacts.placeless'), texts.number(withoutDepartment)] as const] : []),
      ],
      columns,
    ),
    listLines(texts.text('contacts.problems-heading', { count: items.length }), items, items.length, texts, columns),
    wrapToWidth(texts.text('final.org-chart', { path: printable(out) }), columns, 0),
  ];
};

/** A report of `mailferry contacts` in words. */
export const contactsText = (report: ContactsReport, texts: Texts, columns: number): string[][] => {
  switch (report.kind) {
    case 'contacts-detected':
      return [labelledLines(detectionRows(report, texts), columns)];
    case 'contacts-converted':
      return convertedText(report, texts, columns);
    case 'contacts-deduped':
      return dedupedText(report, texts, columns);
    case 'contacts-uploaded':
      return uploadedText(report, texts, columns);
    case 'contacts-downloaded':
      return downloadedText(report, texts, columns);
    case 'org-chart-drawn':
      return chartText(report, texts, columns);
  }
};

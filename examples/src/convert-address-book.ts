/** The library in a program of one's own: an address book from Outlook to Google Contacts, and what could not come along. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contactTemplate, convertContacts } from '@mailferry/core/contacts';

const directory = mkdtempSync(join(tmpdir(), 'mailferry-example-'));
const [outlook, google] = [join(directory, 'outlook.csv'), join(directory, 'google.csv')];

/** A row of Outlook's 92 columns, by their names. */
const row = (headers: readonly string[], cells: Readonly<Record<string, string>>): string =>
  headers.map((header) => cells[header] ?? '').join(',');

try {
  const header = contactTemplate('outlook-ko').bytes.toString().trim();
  const headers = header.replace(/^\ufeff/, '').split(',');
  const rows = [
    row(headers, {
      '성': '홍',
      '이름': '길동',
      '전자 메일 주소': 'hong@example.co.kr',
      '휴대폰': '010-1234-5678',
      '범주 항목': '거래처;친구',
    }),
    row(headers, { '성': '이', '이름': '영희', '회사': '(주)한빛', '휴대폰': '010-0000-0000', '주민 등록 번호': '000000-0000000' }),
  ];
  writeFileSync(outlook, `${header}\r\n${rows.map((line) => `${line}\r\n`).join('')}`);
  const report = await convertContacts({ paths: [outlook], to: 'google', out: google, signal: new AbortController().signal });
  process.stdout.write(`${report.written} of ${report.rows} contacts written, ${report.rejected} rows rejected\n`);
  for (const { field, label, reason, rows: where } of report.losses)
    process.stdout.write(`not carried over: ${field} ${label} (${reason}), rows ${where.join(', ')}\n`);
  process.stdout.write(readFileSync(google, 'utf8'));
  // The national id is withheld, and that is the only thing which is.
  process.exitCode = report.written === 2 && report.losses.length === 1 && report.losses[0]?.reason === 'withheld' ? 0 : 1;
} finally {
  rmSync(directory, { recursive: true });
}

import { MailferryError } from '../../errors.ts';
import type { AddressBook, AddressBookTarget, ContactImport, ExportForm, ImportAnswer, OrgChartAnswer } from '../address-book-target.ts';
import { exportReportAnswer, importAnswer, orgChartAnswer } from './platform-answers.ts';
import { API, type PlatformSession } from './platform-session.ts';

const CSV = { 'content-type': 'text/csv; charset=utf-8' };

/** The address books of an account at the hosting platform. */
export class PlatformAddressBooks implements AddressBookTarget {
  readonly #session: PlatformSession;

  constructor(session: PlatformSession) {
    this.#session = session;
  }

  importContacts({ book, form, csv, idempotencyKey }: ContactImport, signal: AbortSignal): Promise<ImportAnswer> {
    const path = `${API}/address-books/${book}/imports?form=${form}&encoding=utf-8&delimiter=comma`;
    const headers = { ...CSV, 'idempotency-key': idempotencyKey };
    return this.#session.call({ method: 'POST', path, headers, body: csv }, importAnswer, 'the import of contacts', signal);
  }

  importOrgChart(csv: Buffer, signal: AbortSignal): Promise<OrgChartAnswer> {
    const path = `${API}/org-chart/imports?encoding=utf-8&delimiter=comma`;
    return this.#session.call({ method: 'POST', path, headers: CSV, body: csv }, orgChartAnswer, 'the org chart', signal);
  }

  async exportContacts(book: AddressBook, form: ExportForm, isRaw: boolean, signal: AbortSignal): Promise<Buffer> {
    const path = `${API}/address-books/${book}/export?form=${form}&raw=${isRaw}`;
    const answer = await this.#session.send({ method: 'GET', path, isFile: true }, signal);
    this.#session.expect(answer, 'the address book');
    if (Buffer.isBuffer(answer.body)) return answer.body;
    const { host } = this.#session.address;
    throw new MailferryError('protocol-violation', { host, reason: 'the answer about the address book is no file' });
  }

  exportLosses(
    book: AddressBook,
    form: ExportForm,
    signal: AbortSignal,
  ): Promise<{ contacts: number; lost: { field: string; contacts: number }[] }> {
    const path = `${API}/address-books/${book}/export-report?form=${form}`;
    return this.#session.call({ method: 'GET', path }, exportReportAnswer, 'the address book', signal);
  }
}

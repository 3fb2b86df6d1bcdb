import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Faults } from '../faults/faults.ts';
import type { PlatformErrorCode } from '../platform-error.ts';
import type { PlatformEvent } from '../platform-event.ts';
import type { Route } from '../store/access-log.ts';
import type { Account } from '../store/accounts.ts';
import { openStore, type Store } from '../store/store.ts';
import { WallClock } from '../wall-clock.ts';
import { Office } from './office.ts';
import { oneTimeCode } from './one-time-code.ts';

const BOSS = 'boss@example.co.kr';
const KIM = 'kim@example.co.kr';
const LEE = 'lee@example.co.kr';
const ADMIN = 'admin@example.co.kr';
const PASSWORD = 'geheim-비밀';
const CLIENT = '192.0.2.7';

let store: Store;
let office: Office;
let now: Date;
let events: PlatformEvent[];
let boss: Account;
let admin: Account;
let kim: Account;

const newOffice = (): Office =>
  new Office({
    store,
    clock: new WallClock('Asia/Seoul'),
    now: () => now,
    failedLogInMs: 0,
    faults: new Faults(),
    onEvent: (event) => events.push(event),
  });
const refusal = (code: PlatformErrorCode) => expect.objectContaining({ code });
const logIn = (user: string, route: Route, password = PASSWORD, extra: { address?: string; oneTimeCode?: string } = {}) =>
  office.logIn.attempt({ route, user, proof: { password }, address: CLIENT, ...extra });
const inboxOf = (user: string) => {
  const { id } = office.accounts.open(user);
  const mailbox = store.mailboxes.open(id, 'INBOX');
  return store.messages
    .page(mailbox.id, 0, 100)
    .map(({ bodyId, sizeBytes }) => Buffer.concat([...store.messages.bodies.read(bodyId, 0, sizeBytes)]).toString());
};
const deliver = (from: string, addresses: readonly string[], text: string) =>
  office.deliveries.deliver({ from, recipients: addresses.flatMap((address) => office.resolve(address) ?? []), bytes: Buffer.from(text) });

beforeEach(async () => {
  now = new Date('2026-01-02T03:04:05Z');
  events = [];
  store = openStore(null, () => now);
  office = newOffice();
  boss = await office.accounts.provision({ user: BOSS, password: PASSWORD, role: 'super-admin' });
  admin = await office.accounts.provision({ user: ADMIN, password: PASSWORD, role: 'admin' });
  kim = await office.accounts.provision({ user: KIM, password: PASSWORD });
  await office.accounts.provision({ user: LEE, password: PASSWORD });
});
afterEach(() => store.close());

describe('POP3 and SMTP', () => {
  it('P1: are off at first', async () => {
    await expect(logIn(KIM, 'pop3')).rejects.toThrow(refusal('pop3-smtp-off'));
    await expect(logIn(KIM, 'smtp')).rejects.toThrow(refusal('pop3-smtp-off'));
    expect((await logIn(KIM, 'imap')).user).toBe(KIM);
  });

  it('P2: switched on, they hold for all, and each may switch them off and on for himself', async () => {
    office.changePolicy(boss, { pop3Smtp: true });
    expect((await logIn(KIM, 'pop3')).user).toBe(KIM);
    office.accounts.change(kim, KIM, { pop3Smtp: false });
    await expect(logIn(KIM, 'pop3')).rejects.toThrow(refusal('pop3-smtp-off'));
    expect((await logIn(LEE, 'smtp')).user).toBe(LEE);
    office.accounts.change(kim, KIM, { pop3Smtp: true });
    expect((await logIn(KIM, 'pop3')).user).toBe(KIM);
    expect(() => office.accounts.change(kim, LEE, { pop3Smtp: false })).toThrow(refusal('forbidden'));
    expect(() => office.accounts.change(kim, KIM, { quotaBytes: null })).toThrow(refusal('forbidden'));
  });

  it('P3: switched off, those on the exception list may still use them', async () => {
    office.accounts.change(boss, KIM, { pop3SmtpException: true });
    expect((await logIn(KIM, 'pop3')).user).toBe(KIM);
    await expect(logIn(LEE, 'pop3')).rejects.toThrow(refusal('pop3-smtp-off'));
    office.accounts.change(boss, KIM, { pop3SmtpException: false });
    await expect(logIn(KIM, 'pop3')).rejects.toThrow(refusal('pop3-smtp-off'));
    expect(() => office.accounts.change(admin, KIM, { pop3SmtpException: true })).toThrow(refusal('forbidden'));
  });

  it('P6: only the super administrator changes the policy, and only where the plan has the option', () => {
    expect(() => office.changePolicy(admin, { pop3Smtp: true })).toThrow(refusal('forbidden'));
    expect(() => office.changePolicy(boss, { pop3SmtpInPlan: true })).toThrow(refusal('forbidden'));
    office.provisionPolicy({ pop3SmtpInPlan: false });
    expect(() => office.changePolicy(boss, { pop3Smtp: true })).toThrow(refusal('forbidden'));
    expect(() => office.changePolicy(boss, { passwordMinLength: 0 })).toThrow(refusal('policy-invalid'));
  });

  it('P10: mail clients are refused with the reason where the switch is off; the web is not', async () => {
    office.changePolicy(boss, { pop3Smtp: true });
    office.accounts.change(admin, KIM, { mailClients: false });
    for (const route of ['imap', 'pop3', 'smtp'] as const) await expect(logIn(KIM, route)).rejects.toThrow(/Mail clients are not allowed/);
    expect((await logIn(KIM, 'web')).user).toBe(KIM);
  });

  it('keep what was decided over a restart', () => {
    office.changePolicy(boss, { pop3Smtp: true, imapViewCap: 1000 });
    expect(newOffice().policy).toMatchObject({ pop3Smtp: true, imapViewCap: 1000, retention: false });
  });
});

describe('accounts', () => {
  it('A1, A2: are made with 20 MB, and a partial change leaves the rest alone', async () => {
    const made = await office.accounts.create(admin, { user: 'new@example.co.kr', password: 'abcd', name: '새 사람' });
    expect(made).toMatchObject({ quotaBytes: 20 * 1024 * 1024, name: '새 사람', role: 'user', setUp: true });
    expect(office.accounts.change(admin, made.user, { quotaBytes: null })).toMatchObject({ quotaBytes: null, name: '새 사람' });
    expect(office.accounts.change(admin, made.user, { name: '다른' })).toMatchObject({ quotaBytes: null, name: '다른' });
    expect((await logIn(made.user, 'imap', 'abcd')).id).toBe(made.id);
    await expect(office.accounts.create(admin, { user: KIM, password: 'abcd' })).rejects.toThrow(refusal('address-taken'));
    await expect(office.accounts.create(admin, { user: 'a@other.example', password: 'abcd' })).rejects.toThrow(refusal('domain-unknown'));
    await expect(office.accounts.create(admin, { user: 'a b@example.co.kr', password: 'abcd' })).rejects.toThrow(
      refusal('address-invalid'),
    );
    await expect(office.accounts.create(kim, { user: 'x@example.co.kr', password: 'abcd' })).rejects.toThrow(refusal('forbidden'));
  });

  it('A4: administrators are made and unmade by the super administrator alone, and one of these stays', () => {
    expect(() => office.accounts.change(admin, KIM, { role: 'admin' })).toThrow(refusal('forbidden'));
    expect(office.accounts.change(boss, KIM, { role: 'admin' }).role).toBe('admin');
    expect(() => office.accounts.change(admin, BOSS, { suspended: true })).toThrow(refusal('forbidden'));
    expect(() => office.accounts.change(boss, BOSS, { role: 'user' })).toThrow(refusal('account-protected'));
  });

  it('A5: are destroyed with all their mail, only when confirmed by the address', () => {
    deliver(LEE, [KIM], 'Subject: x\r\n\r\nhello\r\n');
    expect(() => office.accounts.delete(admin, KIM, undefined)).toThrow(/Back it up first/);
    expect(() => office.accounts.delete(admin, KIM, LEE)).toThrow(refusal('confirmation-required'));
    office.accounts.delete(admin, KIM, KIM);
    expect(store.accounts.find(KIM)).toBeNull();
    expect(store.mailboxes.list(kim.id)).toEqual([]);
    expect(() => office.accounts.delete(boss, BOSS, BOSS)).toThrow(refusal('account-protected'));
  });

  it('A6: suspended ones are refused and keep their mail, and still get some', async () => {
    office.accounts.change(admin, KIM, { suspended: true });
    await expect(logIn(KIM, 'imap')).rejects.toThrow(refusal('account-suspended'));
    await expect(logIn(KIM, 'web')).rejects.toThrow(refusal('account-suspended'));
    expect(deliver(LEE, [KIM], 'late')).toEqual([]);
    office.accounts.change(admin, KIM, { suspended: false });
    expect(inboxOf(KIM)).toEqual(['late']);
  });

  it('A10: passwords keep to the length and the kinds of the policy; 4 characters are enough at first', async () => {
    await expect(office.accounts.setPassword(kim, KIM, 'abc')).rejects.toThrow(refusal('password-weak'));
    await office.accounts.setPassword(kim, KIM, 'abcd');
    expect((await logIn(KIM, 'imap', 'abcd')).id).toBe(kim.id);
    office.changePolicy(boss, { passwordMinLength: 8, passwordMinKinds: 3 });
    await expect(office.accounts.setPassword(kim, KIM, 'abcdefgh')).rejects.toThrow(refusal('password-weak'));
    await office.accounts.setPassword(kim, KIM, 'Abcdefg1');
    await expect(office.accounts.setPassword(kim, LEE, 'Abcdefg1')).rejects.toThrow(refusal('forbidden'));
  });

  it('end web sessions with a new password', async () => {
    const { token } = store.accounts.openSession(kim.id);
    expect(store.accounts.findBySession(token)?.id).toBe(kim.id);
    await office.accounts.setPassword(kim, KIM, 'another');
    expect(store.accounts.findBySession(token)).toBeNull();
  });
});

describe('log-ins', () => {
  it('M4: take a one-time code over the web where two-step verification is on, each code once', async () => {
    const { secret, uri } = office.accounts.startOneTimeCodes(kim, KIM);
    expect(uri).toMatch(/^otpauth:\/\/totp\//);
    await expect(logIn(KIM, 'web')).rejects.toThrow(refusal('one-time-code-required'));
    await expect(logIn(KIM, 'web', PASSWORD, { oneTimeCode: '000000' })).rejects.toThrow(refusal('auth-refused'));
    await expect(logIn(KIM, 'web', 'wrong', { oneTimeCode: oneTimeCode(secret, now) })).rejects.toThrow(refusal('auth-refused'));
    const code = oneTimeCode(secret, now);
    expect((await logIn(KIM, 'web', PASSWORD, { oneTimeCode: code })).id).toBe(kim.id);
    await expect(logIn(KIM, 'web', PASSWORD, { oneTimeCode: code })).rejects.toThrow(refusal('auth-refused'));
    now = new Date(now.getTime() + 30_000);
    expect((await logIn(KIM, 'web', PASSWORD, { oneTimeCode: oneTimeCode(secret, now) })).id).toBe(kim.id);
    expect((await logIn(KIM, 'imap')).id).toBe(kim.id);
    office.accounts.stopOneTimeCodes(kim, KIM);
    expect((await logIn(KIM, 'web')).id).toBe(kim.id);
  });

  it('A8: want the whole address of mail clients; the web takes the local part', async () => {
    await expect(logIn('kim', 'imap')).rejects.toThrow(refusal('auth-refused'));
    expect((await logIn('kim', 'web')).user).toBe(KIM);
  });

  it('A11: over the web come from allowed addresses only; administrators and mail clients pass', async () => {
    office.changePolicy(boss, { webAllowedAddresses: ['198.51.100.0/24', '2001:db8::/32'] });
    await expect(logIn(KIM, 'web')).rejects.toThrow(refusal('address-not-allowed'));
    expect((await logIn(KIM, 'web', PASSWORD, { address: '198.51.100.20' })).id).toBe(kim.id);
    expect((await logIn(KIM, 'web', PASSWORD, { address: '::ffff:198.51.100.20' })).id).toBe(kim.id);
    expect((await logIn(KIM, 'web', PASSWORD, { address: '2001:db8::5' })).id).toBe(kim.id);
    expect((await logIn(ADMIN, 'web')).user).toBe(ADMIN);
    expect((await logIn(KIM, 'imap')).id).toBe(kim.id);
  });

  it.each([
    ['2026-01-02T09:00:59Z', true], // 18:00 in Seoul
    ['2026-01-02T09:01:00Z', false],
    ['2026-01-02T15:00:00Z', false], // midnight
    ['2026-01-02T23:59:59Z', false], // 08:59
    ['2026-01-03T00:00:00Z', true],
  ])('A11: blocked hours span midnight: at %s a log-in over the web is granted: %s', async (instant, isGranted) => {
    office.changePolicy(boss, { webBlockedHours: { from: '18:01', to: '08:59' } });
    now = new Date(instant);
    if (isGranted) expect((await logIn(KIM, 'web')).id).toBe(kim.id);
    else await expect(logIn(KIM, 'web')).rejects.toThrow(refusal('blocked-hours'));
    expect((await logIn(ADMIN, 'web')).user).toBe(ADMIN);
    expect((await logIn(KIM, 'imap')).id).toBe(kim.id);
  });

  it('A11: a temporary block of the web ends by itself', async () => {
    office.accounts.change(admin, KIM, { webBlockedUntil: new Date(now.getTime() + 60_000) });
    await expect(logIn(KIM, 'web')).rejects.toThrow(refusal('web-blocked'));
    expect((await logIn(KIM, 'imap')).id).toBe(kim.id);
    now = new Date(now.getTime() + 60_000);
    expect((await logIn(KIM, 'web')).id).toBe(kim.id);
  });

  it('A12: are in the access log with address, route, time and result, and no password is', async () => {
    await logIn(KIM, 'imap');
    await logIn(KIM, 'web', 'falsch!').catch(() => {});
    await logIn('nobody@example.co.kr', 'smtp').catch(() => {});
    expect(store.accessLog.page({ limit: 10 })).toMatchObject([
      { route: 'smtp', user: 'nobody@example.co.kr', address: CLIENT, result: 'auth-refused', at: now },
      { route: 'web', user: KIM, result: 'auth-refused' },
      { route: 'imap', user: KIM, result: 'ok' },
    ]);
    expect(store.accessLog.page({ user: KIM, limit: 10 })).toHaveLength(2);
    expect(events.map((event) => event.kind)).toEqual(['log-in', 'log-in', 'log-in']);
    expect(JSON.stringify([events, store.accessLog.page({ limit: 10 })])).not.toMatch(/falsch|geheim/);
  });

  it('take a token of the API in place of a password, for as long as it holds', async () => {
    const { token } = store.accounts.openSession(kim.id, 1000);
    const attempt = { route: 'imap', user: KIM, proof: { token }, address: CLIENT } as const;
    expect((await office.logIn.attempt(attempt)).id).toBe(kim.id);
    await expect(office.logIn.attempt({ ...attempt, user: LEE })).rejects.toThrow(refusal('auth-refused'));
    now = new Date(now.getTime() + 1000);
    await expect(office.logIn.attempt(attempt)).rejects.toThrow(refusal('auth-refused'));
  });

  it('are slowed for one who guesses, and refused while too many guesses wait', async () => {
    const slow = new Office({
      store,
      clock: new WallClock('UTC'),
      now: () => now,
      failedLogInMs: 20,
      faults: new Faults(),
      onEvent: () => {},
    });
    const guess = () =>
      slow.logIn.attempt({ route: 'pop3', user: KIM, proof: { token: 'x' }, address: CLIENT }).catch((error: unknown) => error);
    const answers = await Promise.all(Array.from({ length: 150 }, guess));
    expect(answers.filter((answer) => (answer as { code: string }).code === 'too-many-log-ins')).toHaveLength(50);
    expect((await slow.logIn.attempt({ route: 'imap', user: KIM, proof: { password: PASSWORD }, address: CLIENT })).id).toBe(kim.id);
  });
});

describe('delivery', () => {
  it('A9: an alias domain delivers to the primary one', () => {
    office.directory.addAliasDomain(boss, { name: 'alias.example', aliasOf: 'example.co.kr' });
    expect(deliver(LEE, ['KIM@Alias.Example'], 'hi')).toEqual([]);
    expect(inboxOf(KIM)).toEqual(['hi']);
    office.directory.dropAliasDomain(boss, 'alias.example');
    expect(office.resolve('kim@alias.example')).toBeNull();
    expect(() => office.directory.addAliasDomain(admin, { name: 'b.example', aliasOf: 'example.co.kr' })).toThrow(refusal('forbidden'));
  });

  it('A13: a mailing address delivers to each member once', () => {
    office.directory.saveMailingAddress(admin, { address: 'team@example.co.kr', name: '팀', members: [KIM, LEE] });
    deliver(BOSS, ['team@example.co.kr', KIM], 'all');
    expect(inboxOf(KIM)).toEqual(['all']);
    expect(inboxOf(LEE)).toEqual(['all']);
    const save = (address: string, members: string[]) => () => office.directory.saveMailingAddress(admin, { address, name: '', members });
    expect(save(KIM, [])).toThrow(refusal('address-taken'));
    expect(save('b@example.co.kr', ['x@elsewhere.example'])).toThrow(refusal('address-outside'));
    office.directory.dropMailingAddress(admin, 'team@example.co.kr');
    expect(office.resolve('team@example.co.kr')).toBeNull();
  });

  it('X3: forwards to at most 20 addresses, keeps the original, and does not go in circles', async () => {
    office.directory.addForward(kim, LEE);
    office.directory.addForward(office.accounts.open(LEE), KIM);
    deliver(BOSS, [KIM], 'round');
    expect(inboxOf(KIM)).toEqual(['round']);
    expect(inboxOf(LEE)).toEqual(['round']);
    for (let index = 1; index < 20; index += 1) {
      store.accounts.add(`f${index}@example.co.kr`, '', office.accounts.open(LEE));
      office.directory.addForward(kim, `f${index}@example.co.kr`);
    }
    expect(() => office.directory.addForward(kim, BOSS)).toThrow(refusal('too-many-forwards'));
    expect(() => office.directory.addForward(kim, LEE)).not.toThrow();
    expect(() => office.directory.addForward(boss, 'x@elsewhere.example')).toThrow(refusal('address-outside'));
  });

  it('X1: 500 messages a day and 100 recipients a message, counted anew from midnight of the office', () => {
    const recipients = [office.resolve(LEE) ?? []].flat();
    const send = () => office.deliveries.send(kim, { from: KIM, recipients, bytes: Buffer.from('x') });
    store.directory.countSent(kim.id, 20260102, 499);
    send();
    expect(send).toThrow(refusal('sending-limit'));
    expect(inboxOf(LEE)).toHaveLength(1);
    now = new Date('2026-01-02T14:59:59Z'); // 23:59:59 in Seoul
    expect(send).toThrow(refusal('sending-limit'));
    now = new Date('2026-01-02T15:00:00Z');
    send();
    expect(() => office.deliveries.checkSending(kim, 101)).toThrow(refusal('too-many-recipients'));
    expect(() => office.deliveries.checkSending(kim, 100)).not.toThrow();
    office.changePolicy(boss, { messagesPerDay: 1 });
    expect(send).toThrow(refusal('sending-limit'));
  });

  it('tells the sender whom a message did not reach, and refuses one that reached nobody', () => {
    office.accounts.change(admin, LEE, { quotaBytes: 3 });
    expect(() => deliver(KIM, [LEE], 'too long')).toThrow(refusal('over-quota'));
    expect(inboxOf(KIM)).toEqual([]);
    expect(deliver(KIM, [LEE, BOSS], 'Subject: x\r\n\r\ntoo long')).toMatchObject([{ address: LEE, error: { code: 'over-quota' } }]);
    expect(inboxOf(BOSS)).toHaveLength(1);
    expect(inboxOf(KIM).join()).toMatch(/multipart\/report[\s\S]*lee@example\.co\.kr[\s\S]*Status: 5\.2\.2/);
  });
});

describe('departments', () => {
  it('A7: are a tree with people and their ranks', () => {
    const sales = office.directory.addDepartment(admin, null, '영업부');
    const team = office.directory.addDepartment(admin, sales, '1팀');
    office.accounts.change(admin, KIM, { departmentId: team, rank: '과장' });
    expect(office.directory.orgChart()).toMatchObject({
      departments: [{ name: '영업부', people: [], departments: [{ name: '1팀', people: [{ user: KIM, rank: '과장' }] }] }],
      people: [{ user: ADMIN }, { user: BOSS }, { user: LEE }],
    });
    expect(office.directory.ensureDepartment(admin, ['영업부', '1팀'])).toBe(team);
    expect(() => office.directory.addDepartment(admin, sales, '1팀')).toThrow(refusal('department-exists'));
    expect(() => office.directory.addDepartment(admin, sales, 'a>b')).toThrow(refusal('name-invalid'));
    expect(() => office.directory.changeDepartment(admin, { id: sales, parentId: team, name: '영업부' })).toThrow(refusal('name-invalid'));
    expect(() => office.directory.dropDepartment(admin, sales)).toThrow(refusal('department-not-empty'));
    office.directory.dropDepartment(admin, team);
    expect(office.accounts.open(KIM).departmentId).toBeNull();
    expect(() => office.directory.addDepartment(kim, null, 'x')).toThrow(refusal('forbidden'));
  });
});

import fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { type Contact, emptyAddress, emptyContact, emptyEmail, emptyOrganization } from '../contact.ts';
import { missingFacts } from '../contact-facts.ts';
import { type ContactRow, isRejected, type ReadRow } from '../contact-format.ts';
import { MAX_ENTRY_BYTES } from './ldif-entry.ts';
import { LDIF_FORMAT } from './ldif-format.ts';

const inChunks = async function* (bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
};

const read = async (file: string | Buffer, encoding = 'utf8', chunkBytes = 65_536): Promise<ReadRow[]> => {
  const bytes = typeof file === 'string' ? Buffer.from(file, 'utf8') : file;
  const rows: ReadRow[] = [];
  for await (const batch of LDIF_FORMAT.read(inChunks(bytes, chunkBytes), { encoding })) rows.push(...batch);
  return rows;
};

const contactsOf = (rows: readonly ReadRow[]): Contact[] => rows.flatMap((row) => (isRejected(row) ? [] : [row.contact]));

const readOne = async (file: string | Buffer, encoding?: string): Promise<Contact> => {
  const [contact, ...rest] = contactsOf(await read(file, encoding));
  if (contact === undefined || rest.length > 0) throw new Error('one contact was expected');
  return contact;
};

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
const writer = LDIF_FORMAT.createWriter({ isRaw: false, withNationalId: false });

const THUNDERBIRD = `dn:: ${base64('cn=홍길동,mail=gildong@example.com')}
objectclass: top
objectclass: person
objectclass: organizationalPerson
objectclass: inetOrgPerson
objectclass: mozillaAbPersonAlpha
givenName:: ${base64('길동')}
sn:: ${base64('홍')}
cn:: ${base64('홍길동')}
mozillaNickname: hong
mail: gildong@example.com
mozillaSecondEmail: second@example.com
telephoneNumber: 02-123-4567
homePhone: 031-111-2222
facsimiletelephonenumber: 02-123-4568
pager: 012-345-6789
mobile: 010-1234-5678
street:: ${base64('세종대로 110')}
mozillaWorkStreet2: 3F
l:: ${base64('중구')}
st:: ${base64('서울특별시')}
postalCode: 04524
c: KR
mozillaHomeStreet: Home St. 1
mozillaHomeLocalityName: Suwon
title:: ${base64('부장')}
ou:: ${base64('영업부')}
o:: ${base64('(주)예제')}
mozillaWorkUrl: https://example.com/a?b=c:d
mozillaHomeUrl: https://home.example.com/
birthyear: 1980
birthmonth: 3
birthday: 04
mozillaCustom1: one
description:: ${base64('첫 줄\n둘째 줄')}
modifytimestamp: 1700000000Z
mozillaUseHtmlMail: true

`;

describe('an address book of Thunderbird', () => {
  it('is read field by field', async () => {
    const contact = await readOne(THUNDERBIRD);
    expect(contact.name).toMatchObject({ full: '홍길동', given: '길동', family: '홍', nickname: 'hong' });
    expect(contact.emails.map(({ address }) => address)).toEqual(['gildong@example.com', 'second@example.com']);
    expect(contact.phones.map(({ label, number }) => [label, number])).toEqual([
      ['work', '02-123-4567'],
      ['home', '031-111-2222'],
      ['work-fax', '02-123-4568'],
      ['pager', '012-345-6789'],
      ['mobile', '010-1234-5678'],
    ]);
    expect(contact.addresses).toEqual([
      {
        ...emptyAddress('work'),
        street: '세종대로 110',
        extended: '3F',
        city: '중구',
        region: '서울특별시',
        postalCode: '04524',
        country: 'KR',
      },
      { ...emptyAddress('home'), street: 'Home St. 1', city: 'Suwon' },
    ]);
    expect(contact.organizations).toEqual([{ ...emptyOrganization(), name: '(주)예제', department: '영업부', title: '부장' }]);
    expect(contact.urls.map(({ label, url }) => [label, url])).toEqual([
      ['work', 'https://example.com/a?b=c:d'],
      ['home', 'https://home.example.com/'],
    ]);
    expect(contact.dates).toEqual([{ label: 'birthday', date: '1980-03-04' }]);
    expect(contact.notes).toBe('첫 줄\n둘째 줄');
    expect(contact.others).toEqual([
      { name: 'User 1', value: 'one' },
      { name: 'modifytimestamp', value: '1700000000Z' },
      { name: 'mozillaUseHtmlMail', value: 'true' },
    ]);
  });

  it('loses nothing when it is written again', async () => {
    const contact = await readOne(THUNDERBIRD);
    const { text, held } = writer.print(contact);
    expect(missingFacts(contact, held)).toEqual([]);
    expect(await readOne(text)).toEqual(held);
    expect(text).toMatchInlineSnapshot(`
      "dn:: Y2497ZmN6ri464+ZLG1haWw9Z2lsZG9uZ0BleGFtcGxlLmNvbQ==
      objectclass: top
      objectclass: person
      objectclass: organizationalPerson
      objectclass: inetOrgPerson
      objectclass: mozillaAbPersonAlpha
      cn:: 7ZmN6ri464+Z
      givenName:: 6ri464+Z
      sn:: 7ZmN
      mozillaNickname: hong
      o:: KOyjvCnsmIjsoJw=
      ou:: 7JiB7JeF67aA
      title:: 67aA7J6l
      mail: gildong@example.com
      mozillaSecondEmail: second@example.com
      telephoneNumber: 02-123-4567
      homePhone: 031-111-2222
      facsimileTelephoneNumber: 02-123-4568
      pager: 012-345-6789
      mobile: 010-1234-5678
      street:: 7IS47KKF64yA66GcIDExMA==
      mozillaWorkStreet2: 3F
      l:: 7KSR6rWs
      st:: 7ISc7Jq47Yq567OE7Iuc
      postalCode: 04524
      c: KR
      mozillaHomeStreet: Home St. 1
      mozillaHomeLocalityName: Suwon
      birthyear: 1980
      birthmonth: 03
      birthday: 04
      mozillaWorkUrl: https://example.com/a?b=c:d
      mozillaHomeUrl: https://home.example.com/
      description:: 7LKrIOykhArrkZjsp7gg7KSE
      mozillaCustom1: one
      modifytimestamp: 1700000000Z
      mozillaUseHtmlMail: true

      "
    `);
  });

  it('passes entries through to the letter', async () => {
    const file = `version: 1\ndn: cn=Kim\n# a note\ncn: Kim\ndescription: long\n er \n\n${THUNDERBIRD}`;
    const rows = await read(file);
    const texts = rows.map((row) => writer.printRecord((row as ContactRow).record));
    expect(`version: 1\n${texts.join('')}`).toBe(file);
    expect(writer.printRecord({ cn: 'Kim' })).toBeNull();
  });

  it('is read with raw bytes in the encoding of the file, folded inside a character too', async () => {
    const raw = iconv.encode('dn: cn=청소\ncn: 청소\ndescription: 똠방각하\n', 'cp949');
    const cut = raw.indexOf(iconv.encode('똠', 'cp949')) + 1;
    const folded = Buffer.concat([raw.subarray(0, cut), Buffer.from('\n '), raw.subarray(cut)]);
    const [row] = await read(folded, 'cp949');
    expect(row).toMatchObject({ contact: { name: { full: '청소' }, notes: '똠방각하', others: [] } });
    expect(writer.printRecord((row as ContactRow).record)).toBe(
      `dn:: ${base64('cn=청소')}\ncn:: ${base64('청소')}\ndescription:: ${base64('똠방각하')}\n\n`,
    );
    const inUtf16 = Buffer.concat([Buffer.from('\ufeff', 'utf16le'), Buffer.from('dn: cn=청소\r\ncn: 청소\r\n', 'utf16le')]);
    expect((await readOne(inUtf16, 'utf16le')).name.full).toBe('청소');
    expect(await read(raw, 'utf8')).toEqual([{ row: 1, line: 1, column: 'dn', reason: 'not-in-encoding' }]);
  });
});

const DIRECTORY = `# extended LDIF
#
# LDAPv3
# base <dc=example,dc=com> with scope
  subtree
version: 1

# babs, people, example.com
dn: uid=babs,ou=people,dc=example,dc=com
objectClass: inetOrgPerson
objectClass: posixAccount
cn: Barbara Jensen
cn: Babs Jensen
cn;lang-ko:: ${base64('바버라 젠슨')}
sn: Jensen
givenName;lang-ko:: ${base64('바버라')}
displayName: Babs Jensen
mail: bjensen@example.com
mail: babs@example.com
telephoneNumber: +1 408 555 1862
telephoneNumber: +1 408 555 1863
fax: +1 408 555 1992
labeledURI: https://example.com/~babs My Home Page
postalAddress: 12 Main St$Springfield$\\24 5 lane
manager: cn=Boss,ou=people,dc=example,dc=com
memberOf: cn=Accounting\\, Main,ou=groups,dc=example,dc=com
jpegPhoto:: /9j/4AAQSkZJRg==
userCertificate;binary:: MIIBAP8=
userPassword:: e1NTSEF9c2VjcmV0
jpegPhoto:< file:///etc/passwd
employeeNumber: 42

# search result
search: 2
result: 0 Success

`;

describe('an export of a directory server', () => {
  it('is read with several values, options, pictures and what has no field', async () => {
    const contact = await readOne(DIRECTORY);
    expect(contact.name).toMatchObject({ full: 'Babs Jensen', family: 'Jensen', given: '바버라' });
    expect(contact.emails.map(({ address }) => address)).toEqual(['bjensen@example.com', 'babs@example.com']);
    expect(contact.phones.map(({ label }) => label)).toEqual(['work', 'work', 'work-fax']);
    expect(contact.urls).toEqual([{ label: 'My Home Page', isPrimary: false, url: 'https://example.com/~babs' }]);
    expect(contact.addresses).toEqual([{ ...emptyAddress('work'), formatted: '12 Main St\nSpringfield\n$ 5 lane' }]);
    expect(contact.groups).toEqual(['Accounting, Main']);
    expect(contact.photo).toBe('data:image/jpeg;base64,/9j/4AAQSkZJRg==');
    expect(contact.others).toEqual([
      { name: 'objectClass', value: 'posixAccount' },
      { name: 'cn', value: 'Barbara Jensen' },
      { name: 'manager', value: 'cn=Boss,ou=people,dc=example,dc=com' },
      { name: 'memberOf', value: 'cn=Accounting\\, Main,ou=groups,dc=example,dc=com' },
      { name: 'userCertificate;binary', value: 'data:application/octet-stream;base64,MIIBAP8=' },
      { name: 'jpegPhoto', value: 'file:///etc/passwd' },
      { name: 'Organizational ID Number', value: '42' },
      { name: 'cn;lang-ko', value: '바버라 젠슨' },
      { name: 'dn', value: 'uid=babs,ou=people,dc=example,dc=com' },
    ]);
  });

  it('loses nothing when it is written again, and never points at a file', async () => {
    const contact = await readOne(DIRECTORY);
    const { text, held } = writer.print(contact);
    expect(missingFacts(contact, held)).toEqual([]);
    expect(await readOne(text)).toEqual(held);
    expect(text).not.toContain(':<');
    expect(text).toContain('dn: uid=babs,ou=people,dc=example,dc=com\n');
    expect(text).not.toContain('userPassword');
  });
});

const LISTS = `dn: cn=Kim\\, Min,mail=kim@example.com
objectclass: mozillaAbPersonAlpha
cn: Kim, Min
mail: kim@example.com

dn: cn=Both
objectclass: top
objectclass: groupOfNames
cn: Both
mozillaNickname: two
description: of two
member: cn=Kim\\2C Min,mail=kim@example.com
member: CN=Lee, MAIL=lee@example.com
member: cn=Nobody,mail=nobody@example.com

dn: cn=Lee,mail=lee@example.com
cn: Lee
mail: lee@example.com

dn:: ${base64('cn=팀')}
objectclass: groupOfNames
cn:: ${base64('팀')}
member: cn=Lee,mail=lee@example.com

`;

describe('a URL in place of a value', () => {
  it('is an other field, or a picture on the web; it is never followed', async () => {
    const contact = await readOne(
      'dn: cn=A\ncn: A\njpegPhoto:< file:///etc/passwd\ndescription:< https://example.com/a\nphoto:< https://example.com/b.jpg\n',
    );
    expect(contact).toMatchObject({ photo: 'https://example.com/b.jpg', notes: '' });
    expect(contact.others).toEqual([
      { name: 'jpegPhoto', value: 'file:///etc/passwd' },
      { name: 'description', value: 'https://example.com/a' },
    ]);
    expect(writer.print(contact).held.photo).toBe('https://example.com/b.jpg');
  });
});

describe('groups', () => {
  it('are entries with members, and stand with each member wherever they come in the file', async () => {
    const [kim, both, lee, team] = contactsOf(await read(LISTS));
    expect(kim?.groups).toEqual(['Both']);
    expect(lee?.groups).toEqual(['Both', '팀']);
    expect(both).toMatchObject({ name: { full: 'Both', nickname: 'two' }, notes: 'of two', groups: [], emails: [] });
    expect(both?.others).toEqual([
      { name: 'objectclass', value: 'groupOfNames' },
      { name: 'member', value: 'cn=Kim\\2C Min,mail=kim@example.com' },
      { name: 'member', value: 'CN=Lee, MAIL=lee@example.com' },
      { name: 'member', value: 'cn=Nobody,mail=nobody@example.com' },
    ]);
    expect(team?.others).toHaveLength(2);
  });

  it('are the same after a file', async () => {
    const contacts = contactsOf(await read(LISTS));
    const text = contacts.map((contact) => writer.print(contact).text).join('');
    expect(contactsOf(await read(text))).toEqual(contacts);
    expect(text).toContain('dn: cn=Both\nobjectclass: top\nobjectclass: groupOfNames\ncn: Both\n');
  });

  it('stand in their own entries alone where the file is too large to be held', async () => {
    const many = Array.from({ length: 10_001 }, (_, index) => `dn: cn=n${index}\ncn: n${index}\n\n`).join('');
    const contacts = contactsOf(await read(`${many}${LISTS}`));
    expect(contacts).toHaveLength(10_005);
    expect(contacts.flatMap(({ groups }) => groups)).toEqual([]);
    expect(contacts.at(-1)?.others).toContainEqual({ name: 'member', value: 'cn=Lee,mail=lee@example.com' });
  });
});

describe('a file that is damaged', () => {
  const good = 'dn: cn=A\ncn: A\n\n';

  it.each([
    ['a line without a colon', 'dn: cn=B\ncn B\n', null, 'damaged'],
    ['no name', 'cn: B\n', 'dn', 'damaged'],
    ['two names', 'dn: cn=B\ncn: B\ndn: cn=C\n', 'dn', 'damaged'],
    ['a value cut off', 'dn: cn=B\ncn:: 7ZmN6\n', 'cn', 'damaged'],
    ['what is no Base64', 'dn: cn=B\ncn:: ***\n', 'cn', 'damaged'],
    ['a change', 'dn: cn=B\nchangetype: modify\nadd: mail\nmail: a@b.c\n-\n', 'changetype', 'damaged'],
    ['a removal', 'dn: cn=B\nchangetype: delete\n', 'changetype', 'damaged'],
    ['a new name', 'dn: cn=B\nchangetype: modrdn\nnewrdn: cn=C\ndeleteoldrdn: 1\n', 'changetype', 'damaged'],
  ] as const)('is read around %s', async (_, entry, column, reason) => {
    expect(await read(`${good}${entry}\n${good}`)).toMatchObject([
      { row: 1, contact: { name: { full: 'A' } } },
      { row: 2, line: 4, column, reason },
      { row: 3, contact: { name: { full: 'A' } } },
    ]);
  });

  it('is read around an entry that is too large, in lines or bytes', async () => {
    const large = `dn: cn=B\ndescription: ${'x'.repeat(MAX_ENTRY_BYTES)}\n\n`;
    const long = `dn: cn=B\ndescription: x\n${' x\n'.repeat(1_000_000)}\n`;
    const many = `dn: cn=B\n${'cn: x\n'.repeat(100_001)}\n`;
    const rows = await read(`${good}${large}${long}${many}${good}`);
    expect(rows.map((row) => (isRejected(row) ? row.reason : row.contact.name.full))).toEqual([
      'A',
      'too-large',
      'too-large',
      'too-large',
      'A',
    ]);
    expect(rows[2]).toMatchObject({ row: 3, line: 7 });
  });

  it('reads the same, however it comes in pieces and whatever ends its lines', async () => {
    const whole = await read(`${DIRECTORY}${THUNDERBIRD}${good}`);
    expect(whole).toHaveLength(3);
    for (const [file, chunkBytes] of [
      [`\ufeff${DIRECTORY}${THUNDERBIRD}${good}`, 1],
      [`${DIRECTORY}${THUNDERBIRD}${good}`.replaceAll('\n', '\r\n'), 7],
    ] as const) {
      expect(contactsOf(await read(file, 'utf8', chunkBytes))).toEqual(contactsOf(whole));
    }
    const crlf = `${DIRECTORY}${THUNDERBIRD}${good}`.replaceAll('\n', '\r\n');
    expect(contactsOf(await read(crlf, 'utf8', 1))).toEqual(contactsOf(whole));
  });

  it('never throws for bytes of any kind', async () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('dn: ', 'cn:: ', '\n', '\n ', '\r\n\r\n', ':<', '#', 'objectclass: ', 'mail;x: ', '\0'),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece), fc.constantFrom('utf8', 'cp949'), async (pieces, encoding) => {
        for (const row of await read(`dn: cn=x\n${pieces.join('')}`, encoding)) {
          if (isRejected(row)) continue;
          const { text, held } = writer.print(row.contact);
          expect(contactsOf(await read(text))).toEqual([held]);
          const record = writer.printRecord(row.record) ?? '';
          expect(contactsOf(await read(record))).toEqual([row.contact]);
        }
      }),
    );
  });
});

/** With a character other than white space, which alone says nothing. */
const anyText = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1 }),
  fc.constantFrom(
    ' x',
    'x ',
    ': x',
    '< x',
    'a\nb',
    '\r\nx',
    '\0x',
    '"quoted", and, (more); \\',
    '홍길동 👩‍👩‍👧',
    'שלום',
    'x\u2028y\u2029',
    '\ufeffx',
    '#x',
    '$',
    '\\24',
    'http://x y',
  ),
);
const label = fc.constantFrom('work', 'home');

/** What LDIF has attributes for. */
const anyContact: fc.Arbitrary<Contact> = fc
  .record({
    full: anyText,
    given: anyText,
    family: anyText,
    nickname: anyText,
    phonetic: anyText,
    emails: fc.array(anyText, { maxLength: 4 }),
    phones: fc.array(
      fc.tuple(fc.constantFrom('mobile', 'work', 'home', 'pager', 'other', 'car', 'work-fax', 'home-fax', 'main'), anyText),
      { maxLength: 4 },
    ),
    home: anyText,
    work: anyText,
    city: anyText,
    formatted: anyText,
    organization: anyText,
    department: anyText,
    title: anyText,
    birthday: fc.oneof(anyText, fc.constantFrom('1980-03-04', '--12-31', '0000-01-01')),
    anniversary: anyText,
    urls: fc.array(fc.tuple(label, anyText), { maxLength: 3 }),
    handle: anyText,
    protocol: fc.constantFrom('', 'xmpp', 'kakaotalk', 'aim', 'photo'),
    manager: anyText,
    notes: anyText,
    groups: fc.array(anyText, { maxLength: 3 }),
    picture: fc.uint8Array({ minLength: 1 }),
    custom: anyText,
    own: anyText,
  })
  .map((said) => ({
    ...emptyContact(),
    name: {
      ...emptyContact().name,
      full: said.full,
      given: said.given,
      family: said.family,
      nickname: said.nickname,
      phoneticGiven: said.phonetic,
    },
    emails: said.emails.map((address) => ({ ...emptyEmail(), address })),
    phones: said.phones.map(([kind, number]) => ({ label: kind, isPrimary: false, number })),
    addresses: [
      { ...emptyAddress('home'), street: said.home, city: said.city },
      { ...emptyAddress('work'), street: said.work, postalCode: '04524', region: said.city, country: said.home },
      { ...emptyAddress('other'), formatted: `x${said.formatted}` },
    ],
    organizations: [{ ...emptyOrganization(), name: said.organization, department: said.department, title: said.title }],
    dates: [
      { label: 'birthday', date: said.birthday },
      { label: 'anniversary', date: said.anniversary },
    ],
    urls: said.urls.map(([kind, url]) => ({ label: kind, isPrimary: false, url })),
    messengers: [{ label: '', isPrimary: false, protocol: said.protocol, handle: said.handle }],
    relations: [{ label: 'manager', name: said.manager }],
    notes: said.notes,
    groups: said.groups,
    photo: `data:image/jpeg;base64,${Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), said.picture]).toString('base64')}`,
    others: [
      { name: 'User 1', value: said.custom },
      { name: 'x-own', value: said.own },
    ],
  }));

describe('any text in any field', () => {
  it('is the same after a file', async () => {
    await fc.assert(
      fc.asyncProperty(anyContact, async (contact) => {
        const { text, held } = writer.print(contact);
        expect(missingFacts(contact, held)).toEqual([]);
        expect(contactsOf(await read(text))).toEqual([held]);
        expect(text).toMatch(/^[\n -~]*$/);
        expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(76);
      }),
      { numRuns: 300 },
    );
  });

  it('is the same at 10 MB', async () => {
    const long = '긴 글 '.repeat(1_600_000);
    const contact: Contact = { ...emptyContact(), name: { ...emptyContact().name, full: 'Kim' }, notes: long };
    const { text, held } = writer.print(contact);
    expect((await readOne(text)).notes === long && held.notes === long).toBe(true);
  });

  it('is reported where it is lost, and gets into no other field', () => {
    const contact: Contact = {
      ...emptyContact(),
      emails: [{ ...emptyEmail(), address: 'a@example.com', label: 'school', displayName: 'A' }],
      dates: [{ label: 'wedding', date: '2020-01-01' }],
      others: [
        { name: '비고', value: 'x' },
        { name: 'title', value: 'not a rank' },
        { name: 'mail', value: 'not@an.address' },
        { name: 'userPassword', value: 'secret' },
        { name: 'Government ID Number', value: '800304-1234567' },
        { name: 'changetype', value: 'delete' },
      ],
    };
    const { held, text } = writer.print(contact);
    expect(missingFacts(contact, held).map(({ field, label: name }) => `${field} ${name}`.trim())).toEqual([
      'email.displayName',
      'email.label',
      'date wedding',
      'other 비고',
      'other title',
      'other mail',
      'other userPassword',
      'other Government ID Number',
      'other changetype',
    ]);
    expect(held.organizations).toEqual([]);
    expect(text).not.toMatch(/secret|1234567|delete/);
  });
});

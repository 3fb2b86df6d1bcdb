import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { ImapConnection } from './imap-connection.ts';
import { listMailboxes } from './list-mailboxes.ts';

interface Script {
  readonly capabilities?: readonly string[];
  /** What the server says before its OK, by the command without its tag. */
  readonly answers: Readonly<Record<string, string | Buffer>>;
}

/** Runs `work` at a server that says what the script says, and gives back what it heard, a character for each byte. */
const atServer = async <Result>(
  { capabilities = [], answers }: Script,
  work: (connection: ImapConnection) => Promise<Result>,
): Promise<{ result: Result; heard: string[] }> => {
  const heard: string[] = [];
  await using server = createServer((socket) => {
    let unread = '';
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      const lines = (unread + bytes.toString('latin1')).split('\r\n');
      unread = lines.pop() ?? '';
      for (const line of lines) {
        const [, tag = '', command = ''] = /^(\S+) (.*)$/s.exec(line) ?? [];
        heard.push(command);
        socket.write(Buffer.concat([Buffer.from(answers[command] ?? ''), Buffer.from(`${tag} OK done\r\n`)]));
      }
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const socket = connect(port, '127.0.0.1');
  const connection = new ImapConnection({
    sockets: { readSocket: socket, writeSocket: socket },
    capabilities: new Set(capabilities),
    address: { host: '127.0.0.1', port, user: 'u', security: 'tls', loginMethod: null },
    stallMs: 2000,
  });
  try {
    return { result: await work(connection), heard };
  } finally {
    connection.close();
  }
};

const PLAIN = 'LIST "" "*"';
const lines = (...all: (string | Buffer)[]): Buffer => Buffer.concat(all.flatMap((line) => [Buffer.from(line), Buffer.from('\r\n')]));
const list = async (...all: (string | Buffer)[]) => (await atServer({ answers: { [PLAIN]: lines(...all) } }, listMailboxes)).result;
const paths = async (...all: (string | Buffer)[]) => (await list(...all)).map(({ mailbox }) => mailbox.path);

describe('the mailboxes of an IMAP account', () => {
  it('keep the bytes of their names, which open them', async () => {
    const utf8 = Buffer.from('한글 폴더');
    const cp949 = iconv.encode('보낸메일함', 'cp949');
    const answer = lines(
      '* LIST () "/" INBOX',
      Buffer.concat([Buffer.from('* LIST () "/" "'), utf8, Buffer.from('"')]),
      Buffer.concat([Buffer.from(`* LIST () "/" {${cp949.length}}\r\n`), cp949]),
      '* LIST () "/" "R&-D"',
      '* LIST () "/" "&1VyuAA-"',
    );
    const opened = '* 0 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n';
    const examine = (name: Buffer) => `EXAMINE "${name.toString('latin1')}"`;
    const { result, heard } = await atServer(
      { answers: { [PLAIN]: answer, [examine(cp949)]: opened, [examine(utf8)]: opened } },
      async (connection) => {
        const named = await listMailboxes(connection);
        for (const { mailbox, rawName } of named)
          if (/[^\x20-\x7e]/.test(mailbox.path) && !rawName.startsWith('&')) await connection.examine(rawName);
        return named;
      },
    );
    expect(result.map(({ mailbox }) => mailbox.path)).toEqual(['INBOX', '한글 폴더', '보낸메일함', 'R&D', '한글']);
    expect(heard).toEqual([PLAIN, examine(utf8), examine(cp949)]);
  });

  it('are asked for with their special uses where the server can', async () => {
    const command = `${PLAIN} RETURN (SPECIAL-USE)`;
    const capabilities = ['LIST-EXTENDED', 'SPECIAL-USE'];
    const { result } = await atServer(
      { capabilities, answers: { [command]: lines('* LIST (\\HasNoChildren \\SENT) "/" Gesendet', '* LIST () "/" inbox') } },
      listMailboxes,
    );
    expect(result.map(({ mailbox }) => [mailbox.path, mailbox.specialUse])).toEqual([
      ['Gesendet', '\\Sent'],
      ['INBOX', '\\Inbox'],
    ]);
  });

  it('are asked for again below a namespace that * leaves out', async () => {
    const { result, heard } = await atServer(
      {
        capabilities: ['NAMESPACE'],
        answers: {
          [PLAIN]: lines('* LIST () "." INBOX'),
          'NAMESPACE': lines('* NAMESPACE (("INBOX." ".")("#mh/" "/" "X-P" ("a" "b"))) (("user." ".")) NIL'),
          'LIST "" "INBOX.*"': lines('* LIST () "." "INBOX.Work"'),
        },
      },
      listMailboxes,
    );
    expect(result.map(({ mailbox }) => mailbox.path)).toEqual(['INBOX', 'INBOX.Work']);
    expect(heard).toEqual([PLAIN, 'NAMESPACE', 'LIST "" "INBOX.*"', 'LIST "" "#mh/*"']);
  });

  it('are not asked for in namespaces without end', async () => {
    const answers = { [PLAIN]: lines('* LIST () "/" INBOX'), 'NAMESPACE': lines(`* NAMESPACE (${'("a" "/")'.repeat(17)}) NIL NIL`) };
    await expect(atServer({ capabilities: ['NAMESPACE'], answers }, listMailboxes)).rejects.toMatchObject({ code: 'protocol-violation' });
  });

  it('come once each, however often they are listed', async () => {
    const found = await list(
      '* LIST () "/" Inbox',
      '* LIST (\\Noselect) "/" Work',
      '* LIST () "/" "INBOX"',
      '* LIST (\\Junk) "/" Work',
      '* LIST () "/" "Inbox/child"',
    );
    expect(found.map(({ rawName, mailbox: { path, specialUse, selectable } }) => [rawName, path, specialUse, selectable])).toEqual([
      ['Inbox', 'INBOX', '\\Inbox', true],
      ['Work', 'Work', '\\Junk', true],
      ['Inbox/child', 'Inbox/child', null, true],
    ]);
  });

  it('that only hold others are not to be opened', async () => {
    const found = await list('* LIST () "/" INBOX', '* LIST (\\NoSelect \\HasChildren) "/" a', '* LIST (\\NonExistent) "/" b');
    expect(found.map(({ mailbox }) => mailbox.selectable)).toEqual([true, false, false]);
  });

  it('whose names read the same are told apart, alike in any order', async () => {
    const answers = ['* LIST () "/" "R&D"', '* LIST () "/" "R&-D"', '* LIST () "/" "R&-D (2)"'];
    const byRawName = async (...all: string[]) => Object.fromEntries((await list(...all)).map((one) => [one.rawName, one.mailbox.path]));
    const expected = { 'R&-D': 'R&D', 'R&D': 'R&D (3)', 'R&-D (2)': 'R&D (2)' };
    expect(await byRawName(...answers)).toEqual(expected);
    expect(await byRawName(...answers.toReversed())).toEqual(expected);
  });

  it('whose names differ in case, in normal form or by a blank stay as they are', async () => {
    const names = ['Sent', 'SENT', 'Sent ', 'caf&AOk-', 'cafe&AwE-'];
    expect(await paths(...names.map((name) => `* LIST () "/" "${name}"`))).toEqual(['Sent', 'SENT', 'Sent ', 'café', 'cafe\u0301']);
  });

  it('that can be read no other way end the listing: none is left out in silence', async () => {
    await expect(paths('* LIST () "/" INBOX', '* LIST () "/" "half')).rejects.toMatchObject({ code: 'protocol-violation' });
    await expect(paths()).rejects.toMatchObject({ code: 'protocol-violation' });
  });

  it('are refused when there is no end of them', async () => {
    const many = '* LIST () "/" x\r\n'.repeat(100_001);
    await expect(paths(many.trimEnd())).rejects.toMatchObject({ code: 'protocol-violation' });
    await expect(paths(`* LIST () "/" "${'x'.repeat(20_000)}"`)).rejects.toMatchObject({ code: 'protocol-violation' });
    const long = `* LIST () "/" "${'x'.repeat(16_000)}"\r\n`.repeat(2_200);
    await expect(paths(long.trimEnd())).rejects.toMatchObject({ code: 'protocol-violation' });
  });

  it('with line ends or NUL in their names are listed, and refused when they are opened', async () => {
    const script = { answers: { [PLAIN]: lines('* LIST () "/" {6}\r\nx\r\nM9 ', '* LIST () "/" {3}\r\na\0b') } };
    const { result, heard } = await atServer(script, async (connection) => {
      const named = await listMailboxes(connection);
      for (const { rawName } of named) await expect(connection.examine(rawName)).rejects.toMatchObject({ code: 'server-refused' });
      return named;
    });
    expect(result).toHaveLength(2);
    expect(heard).toEqual([PLAIN]);
  });
});

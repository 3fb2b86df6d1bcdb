import { describe, expect, it } from 'vitest';
import { ImapHouse } from './imap-house.testing.ts';

const highest = (answer: string): number => Number(/HIGHESTMODSEQ (\d+)/.exec(answer)?.[1]);

describe('CONDSTORE', () => {
  it('counts up with every change and tells the highest, RFC 7162 §3.1.2', async () => {
    await using house = await ImapHouse.open();
    const client = await house.logIn();
    const seen: number[] = [];
    const note = async (): Promise<number> => seen.push(highest(await client.command('STATUS INBOX (HIGHESTMODSEQ)')));
    await note();
    house.put('one');
    await note();
    const other = await house.select();
    await other.command('STORE 1 +FLAGS (\\Deleted)');
    await note();
    await other.command('COPY 1 INBOX');
    await note();
    await other.command('EXPUNGE');
    await note();
    expect(seen).toEqual([...new Set(seen)].toSorted((a, b) => a - b));
    expect(highest(await client.command('SELECT INBOX (CONDSTORE)'))).toBe(seen.at(-1));
  });

  it('stores only what was not changed since, and names the rest', async () => {
    await using house = await ImapHouse.open();
    for (let i = 0; i < 4; i += 1) house.put(`m${i}`);
    const [one, two] = [await house.select(), await house.select()];
    const since = highest(await one.command('SELECT INBOX'));
    await two.command('STORE 2:3 +FLAGS.SILENT (\\Flagged)');
    const answer = await one.command(`UID STORE 1:4 (UNCHANGEDSINCE ${since}) +FLAGS.SILENT (\\Seen)`);
    expect(answer).toMatch(new RegExp(`\\* 1 FETCH \\(UID 1 MODSEQ \\(${since + 2}\\)\\)\r\n`));
    expect(answer).toMatch(/OK \[MODIFIED 2:3\]/);
    expect([...house.account.messages('INBOX')].map(({ flags }) => flags.join(' '))).toEqual([
      '\\Seen',
      '\\Flagged',
      '\\Flagged',
      '\\Seen',
    ]);
    expect(await one.command('STORE 1:2 (UNCHANGEDSINCE 0) FLAGS ()')).toMatch(/OK \[MODIFIED 1:2\]/);
  });

  it('tells changes with their mod-sequence to those who asked, and to no one else', async () => {
    await using house = await ImapHouse.open();
    house.put('one');
    const [aware, plain, other] = [await house.select(), await house.select(), await house.select()];
    expect(await aware.command('ENABLE CONDSTORE FROB')).toMatch(/^\* OK \[HIGHESTMODSEQ \d+\].*\r\n\* ENABLED CONDSTORE\r\nOK/);
    await other.command('STORE 1 +FLAGS.SILENT (\\Flagged)');
    const modseq = highest(await other.command('STATUS INBOX (HIGHESTMODSEQ)'));
    expect(await aware.command('NOOP')).toContain(`* 1 FETCH (UID 1 FLAGS (\\Recent \\Flagged) MODSEQ (${modseq}))\r\n`);
    expect(await plain.command('NOOP')).toContain('* 1 FETCH (UID 1 FLAGS (\\Flagged))\r\n');
  });
});

describe('a new keyword', () => {
  it('is named before it is shown, to whoever made it too, even silently', async () => {
    await using house = await ImapHouse.open();
    house.put('one');
    const [one, two] = [await house.select(), await house.select()];
    expect(await one.command('STORE 1 +FLAGS.SILENT ($New)')).toMatch(
      /^\* FLAGS \(.* \$New\)\r\n\* OK \[PERMANENTFLAGS \(.* \$New \\\*\)\].*\r\nOK/,
    );
    expect(await two.command('NOOP')).toMatch(/^\* FLAGS \(.* \$New\)\r\n.*\r\n\* 1 FETCH \(UID 1 FLAGS \(\$New\)\)/);
    expect(await one.command('STORE 1 +FLAGS.SILENT ($New)')).toBe('OK Stored\r\n');
  });
});

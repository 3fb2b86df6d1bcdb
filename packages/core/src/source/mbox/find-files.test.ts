import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findFiles } from './find-files.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mailferry-files-'));
});

afterEach(() => rmSync(root, { recursive: true }));

const put = (...paths: string[]): void => {
  for (const path of paths) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), '');
  }
};

const names = async (path = root): Promise<string[]> => (await findFiles(path)).files.map(({ name }) => name);

it("takes Thunderbird's folders for children, and leaves its indexes out", async () => {
  put(
    'Inbox',
    'Inbox.msf',
    'Inbox.sbd/일',
    'Inbox.sbd/일.msf',
    'Inbox.sbd/일.sbd/2024',
    'filterlog.html',
    'folderTree.json',
    'msgFilterRules.dat',
  );
  expect(await names()).toEqual(['Inbox', 'Inbox/일', 'Inbox/일/2024']);
});

it("names Apple Mail's mailboxes by their folders", async () => {
  put('Work.mbox/mbox', 'Work.mbox/table_of_contents', 'Work.mbox/2024.mbox/mbox');
  expect(await names()).toEqual(['Work/2024', 'Work']);
  expect(await names(join(root, 'Work.mbox'))).toEqual(['2024', 'Work']);
  expect(await names(join(root, 'Work.mbox/mbox'))).toEqual(['Work']);
});

it('takes endings off, unless two mailboxes would have one name', async () => {
  put('a.mbox', 'b.mbx.gz', 'c', 'c.mbox', 'd.mbox', 'd.mbox.mbox', 'd', '.mbox', 'e.sbd/x', 'e/x');
  expect(new Set(await names())).toEqual(new Set(['.mbox', 'a', 'b', 'c', 'c.mbox', 'd', 'd.mbox', 'd.mbox.mbox', 'e/x', 'e.sbd/x']));
});

it('counts symbolic links and does not follow them', async () => {
  put('a');
  symlinkSync('/etc', join(root, 'etc'));
  symlinkSync(root, join(root, 'loop'));
  const { files, skippedCount } = await findFiles(root);
  expect(files).toHaveLength(1);
  expect(skippedCount).toBe(2);
});

it('refuses what is missing, too deep or no file', async () => {
  await expect(findFiles(join(root, 'none'))).rejects.toMatchObject({ code: 'source-missing' });
  await expect(findFiles('/dev/null')).rejects.toMatchObject({ code: 'source-unreadable' });
  put(`${'d/'.repeat(40)}x`);
  await expect(findFiles(root)).rejects.toMatchObject({ code: 'source-unreadable' });
});

import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { openSourceAccount } from './open-account.ts';
import { probeOptions, readOptions } from './options.ts';
import { Secrets } from './secrets.ts';
import { readFrom } from './source-account.ts';
import { textsOf } from './texts.ts';

const open = async (options: { readonly from: string } & Readonly<Record<string, unknown>>) => {
  const stdin = Object.assign(new PassThrough(), { isTTY: true });
  const stderr = Object.assign(new PassThrough(), { isTTY: true });
  const context = {
    texts: textsOf('en'),
    terminal: { env: {}, stdin, stdout: new PassThrough(), stderr },
    secrets: new Secrets(),
    signal: new AbortController().signal,
    onProgress: () => undefined,
    note: () => undefined,
  };
  const read = readOptions(probeOptions, options, context.texts);
  stdin.write('s3cret\r');
  const source = await openSourceAccount(read, await readFrom(read, context), context);
  await source.close();
  return { source, asked: String(stderr.read() ?? '') };
};

describe('the source account', () => {
  it("of a master user asks for the master's password, and stays the user's", async () => {
    const from = 'imaps://kim@mail.example';
    const star = await open({ from, 'from-master-user': 'admin' });
    expect(star.asked).toBe('Password of kim*admin at mail.example: \n');
    expect(star.source.identity).toBe((await open({ from })).source.identity);
    expect((await open({ from, 'from-master-user': 'admin', 'from-master-separator': '%' })).asked).toContain('kim%admin');
  });

  it('in files asks for nothing', async () => {
    expect(await open({ from: `eml:${import.meta.dirname}` })).toMatchObject({ asked: '' });
  });
});

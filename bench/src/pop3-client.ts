/**
 * Pulls an inbox by node-pop3's own RETR: pop3-client.ts PORT USER HASHES, the password in PULL_PASSWORD. HASHES is a file of
 * the messages' SHA-256, one a line. Prints how many messages came as they are, of how many.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import Pop3Command from 'node-pop3';

const [port, user = '', hashes = ''] = process.argv.slice(2);
const expected = new Set(readFileSync(hashes, 'utf8').trimEnd().split('\n'));
const session = new Pop3Command({
  host: '127.0.0.1',
  port: Number(port),
  user,
  password: process.env.PULL_PASSWORD ?? '',
  timeout: 60_000,
});
const listed = (await session.UIDL()) as unknown as [string, string][];
let exact = 0;
for (const [number] of listed) {
  const text = await session.RETR(Number(number));
  if (expected.has(createHash('sha256').update(text).digest('hex'))) exact += 1;
}
await session.QUIT();
process.stdout.write(`${exact} of ${listed.length}\n`);

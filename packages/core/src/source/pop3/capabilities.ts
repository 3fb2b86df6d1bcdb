import type { Pop3Connection } from './pop3-connection.ts';

/** More lines are no honest list of capabilities. */
const MAX_LINES = 1000;

/** What a server announces (RFC 2449): names with their arguments, in upper case. Empty where it knows no CAPA. */
export const readCapabilities = async (connection: Pop3Connection): Promise<ReadonlyMap<string, readonly string[]>> => {
  const capabilities = new Map<string, readonly string[]>();
  if (!(await connection.command('CAPA')).isOk) return capabilities;
  for await (const line of connection.lines(MAX_LINES)) {
    const [name = '', ...rest] = line.toUpperCase().split(' ');
    if (name !== '') capabilities.set(name, rest);
  }
  return capabilities;
};

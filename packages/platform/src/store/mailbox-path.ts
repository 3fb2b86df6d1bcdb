import { PlatformError } from '../platform-error.ts';

export const DELIMITER = '/';
const MAX_PATH_BYTES = 2000;
const MAX_LEVELS = 32;
const INBOX = 'INBOX';

const refuse = (reason: string): never => {
  throw new PlatformError('mailbox-name-invalid', `This can't be the name of a mailbox: ${reason}`);
};

const isControl = (character: string): boolean => character < ' ' || (character >= '\x7f' && character < '\xa0');

/**
 * The path as the store knows it: a first level INBOX in capitals, however it was written (RFC 3501 §5.1), the rest as given.
 * @throws PlatformError `mailbox-name-invalid`
 */
export const storedPath = (path: string): string => {
  const [first = '', ...rest] = path.split(DELIMITER);
  const levels = [first.toUpperCase() === INBOX ? INBOX : first, ...rest];
  if (levels.some((level) => level === '')) refuse('a level is empty');
  if (levels.some((level) => level === '.' || level === '..')) refuse('a level is . or ..');
  if (levels.length > MAX_LEVELS) refuse(`more than ${MAX_LEVELS} levels`);
  if (Buffer.byteLength(path) > MAX_PATH_BYTES) refuse(`more than ${MAX_PATH_BYTES} bytes`);
  if (!path.isWellFormed()) refuse('half a surrogate pair');
  if ([...path].some(isControl)) refuse('a control character');
  return levels.join(DELIMITER);
};

/** Paths above `path`, outermost first: `a/b/c` gives `a`, `a/b`. */
export const pathsAbove = (path: string): string[] => {
  const levels = path.split(DELIMITER);
  return levels.slice(1).map((_, index) => levels.slice(0, index + 1).join(DELIMITER));
};

export const isBelow = (path: string, parent: string): boolean => path.startsWith(parent + DELIMITER);

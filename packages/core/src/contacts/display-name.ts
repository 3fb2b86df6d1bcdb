import type { Contact, ContactName } from './contact.ts';

const HANGUL = /^[가-힣]+$/;

/** The parts of a name in one text: Korean ones as written in Korea, family name first and without a space. */
export const joinName = ({ prefix, given, middle, family, suffix }: ContactName): string => {
  const core = [given, middle, family].filter((part) => part !== '');
  const joined = core.length > 1 && core.every((part) => HANGUL.test(part)) ? `${family}${given}${middle}` : core.join(' ');
  return [prefix, joined, suffix].filter((part) => part !== '').join(' ');
};

/** The name as shown: the full one, else its parts, else the nickname, else the company's. Empty if there is none of them. */
export const displayName = ({ name, organizations }: Contact): string =>
  name.full || joinName(name) || name.nickname || name.fileAs || organizations[0]?.name || '';

import { composeMessage } from './compose-message.ts';
import { Noise } from './noise.ts';

/** What an account of the benchmark holds; everything in it follows from the profile alone. */
export interface MailProfile {
  readonly name: string;
  readonly description: string;
  readonly messageCount: number;
  readonly sizeBytes: (noise: Noise) => number;
}

interface GeneratedMailbox {
  readonly path: string;
  readonly messages: readonly Buffer[];
}

const SMALLEST = 1_800;
const BIGGEST = 6_000_000;

const mixedSize = (noise: Noise): number => Math.min(BIGGEST, Math.max(SMALLEST, noise.logNormal(8_000, 2)));

export const MIXED: MailProfile = {
  name: 'mixed',
  description: 'mixed mail, up to a few MB',
  messageCount: 1_000,
  sizeBytes: mixedSize,
};
export const MIXED_LARGE: MailProfile = {
  name: 'mixed-large',
  description: 'mixed mail, ten times as much',
  messageCount: 10_000,
  sizeBytes: mixedSize,
};
export const SMALL: MailProfile = {
  name: 'small',
  description: '10,000 messages of 4 to 20 KB',
  messageCount: 10_000,
  sizeBytes: (noise) => noise.between(4_000, 20_000),
};

/** Mailboxes with their share of the messages, in per cent. */
const MAILBOXES: readonly (readonly [path: string, share: number])[] = [
  ['INBOX', 38],
  ['Sent', 18],
  ['Archive/2022', 7],
  ['Archive/2023', 9],
  ['받은 서류/계약서', 9],
  ['프로젝트/2024년 견적', 5],
  ['가족 & 친구', 3],
  ['Newsletters', 7],
  ['Trash', 4],
];

/** One mailbox after the other, each made when it is asked for. */
export function* generateMail({ name, messageCount, sizeBytes }: MailProfile): Iterable<GeneratedMailbox> {
  for (const [mailboxNumber, [path, share]] of MAILBOXES.entries()) {
    const messages = Array.from({ length: Math.round((messageCount * share) / 100) }, (_, i) => {
      const id = `${name}-${mailboxNumber}-${i}`;
      const noise = new Noise(id);
      return composeMessage(noise, id, sizeBytes(noise));
    });
    yield { path, messages };
  }
}

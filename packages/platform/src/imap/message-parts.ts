import { type MimePart, readStructure } from '../mime/structure.ts';
import type { Bodies } from '../store/bodies.ts';
import type { StoredMessage } from '../store/messages.ts';

/** So many structures are remembered; bodies never change. */
const MAX_REMEMBERED = 500;

/** The structures of messages, read when they are asked for. */
export class MessageParts {
  readonly #bodies: Bodies;
  readonly #remembered = new Map<number, MimePart>();

  constructor(bodies: Bodies) {
    this.#bodies = bodies;
  }

  of({ bodyId, sizeBytes }: Pick<StoredMessage, 'bodyId' | 'sizeBytes'>): MimePart {
    const known = this.#remembered.get(bodyId);
    if (known) return known;
    const structure = readStructure(this.#bodies.read(bodyId, 0, sizeBytes));
    const [oldest] = this.#remembered.keys();
    if (oldest !== undefined && this.#remembered.size >= MAX_REMEMBERED) this.#remembered.delete(oldest);
    this.#remembered.set(bodyId, structure);
    return structure;
  }
}

/** The parts that a number counts: of a multipart its own, of a message that is none the message itself as its only one. RFC 3501 §6.4.5. */
const numbered = (part: MimePart): readonly MimePart[] => {
  const inner = part.message ?? part;
  return inner.type === 'MULTIPART' ? inner.parts : [inner];
};

/** The part that the numbers name, outermost first; null if there is none. */
export const partAt = (message: MimePart, numbers: readonly number[]): MimePart | null => {
  let part: MimePart = message;
  for (const [depth, number] of numbers.entries()) {
    // Only a multipart and a message have parts below them; the first number may name the only part of a message that is neither.
    if (depth > 0 && part.type !== 'MULTIPART' && !part.message) return null;
    const candidates = depth === 0 && message.type !== 'MULTIPART' ? [message] : numbered(part);
    const next = candidates[number - 1];
    if (!next) return null;
    part = next;
  }
  return part;
};

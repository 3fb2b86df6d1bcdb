import { type MimePart, StructureReader } from '../mime/structure.ts';
import type { Bodies } from '../store/bodies.ts';
import type { StoredMessage } from '../store/messages.ts';
import { newPause } from './pause.ts';

/** About what the remembered structures take of memory, for all sessions together. */
const MAX_REMEMBERED_BYTES = 32 * 1024 * 1024;
/** A message of that size is read at once. */
const SMALL_BYTES = 1024 * 1024;

type SizedMessage = Pick<StoredMessage, 'bodyId' | 'sizeBytes'>;

interface Remembered {
  readonly structure: MimePart;
  readonly weightBytes: number;
}

/** The structures of messages, read when they are asked for. Bodies never change, and their ids are not used again. */
export class MessageParts {
  readonly #bodies: Bodies;
  /** By body, those that were asked for last at the end. */
  readonly #remembered = new Map<number, Remembered>();
  #weightBytes = 0;

  constructor(bodies: Bodies) {
    this.#bodies = bodies;
  }

  /** Reads a big message with turns for others, so that `of` need not read it in one. The caller holds the body. */
  async prepare(message: SizedMessage): Promise<void> {
    const { bodyId, sizeBytes } = message;
    if (sizeBytes <= SMALL_BYTES || this.#remembered.has(bodyId)) return;
    const pause = newPause();
    const reader = new StructureReader();
    for (const piece of this.#bodies.read(bodyId, 0, sizeBytes)) {
      reader.write(piece);
      await pause();
    }
    this.#remember(bodyId, reader);
  }

  of({ bodyId, sizeBytes }: SizedMessage): MimePart {
    const known = this.#remembered.get(bodyId);
    if (known) {
      this.#remembered.delete(bodyId);
      this.#remembered.set(bodyId, known);
      return known.structure;
    }
    const reader = new StructureReader();
    for (const piece of this.#bodies.read(bodyId, 0, sizeBytes)) reader.write(piece);
    return this.#remember(bodyId, reader);
  }

  #remember(bodyId: number, reader: StructureReader): MimePart {
    const structure = reader.end();
    this.#forget(bodyId);
    this.#remembered.set(bodyId, { structure, weightBytes: reader.weightBytes });
    this.#weightBytes += reader.weightBytes;
    for (const oldest of this.#remembered.keys()) {
      if (this.#weightBytes <= MAX_REMEMBERED_BYTES || oldest === bodyId) break;
      this.#forget(oldest);
    }
    return structure;
  }

  #forget(bodyId: number): void {
    this.#weightBytes -= this.#remembered.get(bodyId)?.weightBytes ?? 0;
    this.#remembered.delete(bodyId);
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

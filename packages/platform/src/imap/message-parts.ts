import type { MimePart } from '../mime/mime-part.ts';
import { StructureReader } from '../mime/structure.ts';
import type { Bodies } from '../store/bodies.ts';
import type { StoredMessage } from '../store/messages.ts';
import { newPause } from './pause.ts';

/** A message of that size is read at once, and again when it is asked for again. */
const SMALL_BYTES = 256 * 1024;
/** About what the remembered structures take of memory, for all sessions together. */
const MAX_REMEMBERED_BYTES = 32 * 1024 * 1024;
const MAX_REMEMBERED = 1000;

type SizedMessage = Pick<StoredMessage, 'bodyId' | 'sizeBytes'>;

interface Remembered {
  readonly bodyId: number;
  readonly structure: MimePart;
  readonly weightBytes: number;
}

/** The structures of messages, read when they are asked for. Bodies never change, and their ids are not used again. */
export class MessageParts {
  readonly #bodies: Bodies;
  /** Of big messages, by body; those that were read first come first. */
  readonly #remembered = new Map<number, Remembered>();
  #weightBytes = 0;
  #latest: Remembered | null = null;

  constructor(bodies: Bodies) {
    this.#bodies = bodies;
  }

  /** Reads a big message with turns for others, so that `of` need not read it in one. The caller holds the body. */
  async prepare({ bodyId, sizeBytes }: SizedMessage): Promise<void> {
    if (sizeBytes <= SMALL_BYTES || this.#remembered.has(bodyId)) return;
    const pause = newPause();
    const reader = new StructureReader();
    for (const piece of this.#bodies.read(bodyId, 0, sizeBytes)) {
      reader.write(piece);
      await pause();
    }
    this.#remember({ bodyId, structure: reader.end(), weightBytes: reader.weightBytes });
  }

  of({ bodyId, sizeBytes }: SizedMessage): MimePart {
    const known = this.#latest?.bodyId === bodyId ? this.#latest : this.#remembered.get(bodyId);
    if (known) return known.structure;
    const reader = new StructureReader();
    for (const piece of this.#bodies.read(bodyId, 0, sizeBytes)) reader.write(piece);
    this.#latest = { bodyId, structure: reader.end(), weightBytes: reader.weightBytes };
    if (sizeBytes > SMALL_BYTES) this.#remember(this.#latest);
    return this.#latest.structure;
  }

  #remember(read: Remembered): void {
    this.#forget(read.bodyId);
    this.#remembered.set(read.bodyId, read);
    this.#weightBytes += read.weightBytes;
    for (const oldest of this.#remembered.keys()) {
      if (this.#weightBytes <= MAX_REMEMBERED_BYTES && this.#remembered.size <= MAX_REMEMBERED) break;
      this.#forget(oldest);
    }
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

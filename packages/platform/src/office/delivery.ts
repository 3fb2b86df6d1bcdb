import { PlatformError } from '../platform-error.ts';
import type { Account } from '../store/accounts.ts';
import type { Store } from '../store/store.ts';
import type { WallClock } from '../wall-clock.ts';
import { type Recipient, resolveRecipient } from './addresses.ts';
import { bounceFor } from './bounce.ts';
import type { OfficePolicy } from './policy.ts';

export interface Delivery {
  /** Envelope sender; empty for a bounce. */
  readonly from: string;
  readonly recipients: readonly Recipient[];
  readonly bytes: Buffer;
}

/** A recipient that the message did not reach. */
export interface FailedRecipient {
  readonly address: string;
  readonly error: PlatformError;
}

interface StoredAt {
  readonly mailboxId: number;
  readonly uid: number;
}

interface DeliveryContext {
  readonly store: Store;
  readonly policy: () => OfficePolicy;
  readonly clock: WallClock;
  readonly now: () => Date;
}

/** Puts one message into INBOXes; the bytes are stored once, however many get it. */
class Placing {
  readonly #store: Store;
  readonly #bytes: Buffer;
  readonly #internalDate: Date;
  readonly #outcomes = new Map<number, PlatformError | null>();
  #first: StoredAt | null = null;

  constructor(store: Store, bytes: Buffer, internalDate: Date) {
    this.#store = store;
    this.#bytes = bytes;
    this.#internalDate = internalDate;
  }

  /** Once per account, however often it is asked for. Null when it is there, else why it is not. */
  into(accountId: number): PlatformError | null {
    const known = this.#outcomes.get(accountId);
    if (known !== undefined) return known;
    const outcome = this.#try(accountId);
    this.#outcomes.set(accountId, outcome);
    if (outcome === null) this.#forward(accountId);
    return outcome;
  }

  /** SPEC X3: the original stays; a forward that does not get through is no failure of the original. */
  #forward(accountId: number): void {
    for (const address of this.#store.directory.forwards(accountId)) {
      for (const id of resolveRecipient(this.#store, address)?.accountIds ?? []) this.into(id);
    }
  }

  #try(accountId: number): PlatformError | null {
    const { mailboxes, messages } = this.#store;
    try {
      const { id: mailboxId } = mailboxes.open(accountId, 'INBOX');
      if (this.#first) messages.copy(this.#first.mailboxId, [this.#first.uid], mailboxId);
      else {
        const { uid } = messages.append(mailboxId, { bytes: this.#bytes, flags: [], internalDate: this.#internalDate });
        this.#first = { mailboxId, uid };
      }
      return null;
    } catch (error) {
      if (error instanceof PlatformError) return error;
      throw error;
    }
  }
}

/** Delivery inside the office, durable on return: all recipients are one transaction. */
export class Deliveries {
  readonly #context: DeliveryContext;

  constructor(context: DeliveryContext) {
    this.#context = context;
  }

  /**
   * Gives the recipients that were not reached; where there are any, the sender gets a bounce as well.
   * @throws PlatformError the first failure, with nothing stored, if nobody was reached
   */
  deliver({ from, recipients, bytes }: Delivery): FailedRecipient[] {
    const { store, now } = this.#context;
    return store.writes.run(() => {
      const placing = new Placing(store, bytes, now());
      const failed = recipients.flatMap(({ address, accountIds }): FailedRecipient[] => {
        const errors = accountIds.map((id) => placing.into(id));
        if (errors.includes(null)) return [];
        const error = errors.find((one) => one !== null) ?? new PlatformError('account-unknown', 'Nobody is behind that address');
        return [{ address, error }];
      });
      const [first] = failed;
      if (first && failed.length === recipients.length) throw first.error;
      if (first) this.#bounce(from, failed, bytes);
      return failed;
    });
  }

  /**
   * As `deliver`, for an account that submits a message: counts it against its day (SPEC X1).
   * @throws as `deliver`; PlatformError `sending-limit`, `too-many-recipients`
   */
  send(account: Account, delivery: Delivery): FailedRecipient[] {
    const { store } = this.#context;
    return store.writes.run(() => {
      this.checkSending(account, delivery.recipients.length);
      const failed = this.deliver(delivery);
      store.directory.countSent(account.id, this.#today(), 1);
      return failed;
    });
  }

  /** Whether the account may send one more message to so many recipients. @throws PlatformError `sending-limit`, `too-many-recipients` */
  checkSending({ id }: Account, recipientCount: number): void {
    const { messagesPerDay, recipientsPerMessage } = this.#context.policy();
    if (recipientCount > recipientsPerMessage) {
      throw new PlatformError('too-many-recipients', `A message can have at most ${recipientsPerMessage} recipients`);
    }
    if (this.#context.store.directory.sentOn(id, this.#today()) >= messagesPerDay) {
      throw new PlatformError('sending-limit', `The limit of ${messagesPerDay} messages a day is reached; it is reset at midnight`);
    }
  }

  #today(): number {
    return this.#context.clock.day(this.#context.now());
  }

  #bounce(from: string, failed: readonly FailedRecipient[], original: Buffer): void {
    const { store, now } = this.#context;
    const sender = resolveRecipient(store, from);
    if (!sender) return;
    const placing = new Placing(store, bounceFor(from, failed, original, now()), now());
    for (const id of sender.accountIds) placing.into(id);
  }
}

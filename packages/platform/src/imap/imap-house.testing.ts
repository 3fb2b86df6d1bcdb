import type { AccountFixture } from '../fixtures/account-fixture.ts';
import type { Platform } from '../platform.ts';
import type { PlatformOptions } from '../platform-options.ts';
import { startPlatform } from '../start-platform.ts';
import { RawClient, TEST_USER } from './raw-client.testing.ts';

/** A platform in memory with one account, and raw clients of it. */
export class ImapHouse {
  readonly platform: Platform;
  readonly #clients: RawClient[] = [];

  constructor(platform: Platform) {
    this.platform = platform;
  }

  static async open(options: PlatformOptions = {}): Promise<ImapHouse> {
    const accounts = [{ user: TEST_USER, password: 'pw' }];
    return new ImapHouse(await startPlatform({ accounts, failedLogInMs: 0, timeZone: 'UTC', ...options }));
  }

  get account(): AccountFixture {
    return this.platform.account(TEST_USER);
  }

  async connect(): Promise<RawClient> {
    const client = await RawClient.connect(this.platform.imapPort);
    this.#clients.push(client);
    return client;
  }

  async logIn(): Promise<RawClient> {
    return (await this.connect()).logIn();
  }

  /** Logged in, with INBOX selected. */
  async select(): Promise<RawClient> {
    const client = await this.logIn();
    await client.command('SELECT INBOX');
    return client;
  }

  put(bytes: string, flags: string[] = [], path = 'INBOX'): number {
    return this.account.append(path, Buffer.from(bytes), { flags });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients) client.close();
    await this.platform.stop();
  }
}

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Platform } from '../platform.ts';
import { startPlatform } from '../start-platform.ts';
import { createPlatformClient, logInToPlatform } from './platform-client.ts';

const BOSS = { user: 'boss@example.com', password: 'pw' };

let platform: Platform;
beforeEach(async () => {
  platform = await startPlatform({ accounts: [{ ...BOSS, role: 'super-admin' }], failedLogInMs: 0 });
});
afterEach(() => platform.stop());

describe('the client of the API', () => {
  it('logs in and gives answers with their types', async () => {
    const client = await logInToPlatform(platform.httpUrl, BOSS);
    const made = await client.POST('/api/v1/accounts', { body: { user: 'kim@example.com', password: 'abcd', name: '김' } });
    expect(made.data?.quotaBytes).toBe(20 * 2 ** 20);
    const { data } = await client.GET('/api/v1/accounts/{user}', { params: { path: { user: 'kim@example.com' } } });
    expect(data).toMatchObject({ name: '김', usedBytes: 0 });
    const { error, response } = await client.POST('/api/v1/accounts', { body: { user: 'kim@example.com', password: 'abcd' } });
    expect([error?.error.code, response.status]).toEqual(['address-taken', 409]);
  });

  it('tells a refused log-in', async () => {
    await expect(logInToPlatform(platform.httpUrl, { ...BOSS, password: 'no' })).rejects.toThrow(
      expect.objectContaining({ name: 'LogInRefused', code: 'auth-refused' }),
    );
    const { error } = await createPlatformClient({ url: platform.httpUrl }).GET('/api/v1/account');
    expect(error?.error.code).toBe('auth-required');
  });
});

/// <reference lib="dom" />
import { type ManualClock, manualClock, type Platform, startPlatform } from '@mailferry/platform';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fillOffice, OFFICE } from '../fixtures/console-office.ts';
import { hasProgram } from '../fixtures/programs.ts';

const EXECUTABLE = '/usr/bin/chromium-headless-shell';
const QUIET = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-quic', '--no-first-run'];
const PATHS = [
  '',
  '/accounts',
  '/accounts/new',
  '/accounts/2',
  '/accounts/2/delete',
  '/accounts/2/backups',
  '/departments',
  '/mailing-addresses',
  '/domains',
  '/uploads',
  '/backups',
  '/access-log',
  '/policy',
];

/** Of every piece of text that is seen, to the colour behind it (WCAG 2.2 §1.4.3); the lowest, and where it is. */
const lowestContrast = (): { ratio: number; text: string } => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  if (!canvas) throw new Error('no canvas');
  canvas.canvas.width = 1;
  canvas.canvas.height = 1;
  /** The colour as it is painted over the one below. */
  const over = (below: string, above: string): string => {
    for (const colour of [below, above]) {
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
    }
    const [red, green, blue] = canvas.getImageData(0, 0, 1, 1).data;
    return `rgb(${red}, ${green}, ${blue})`;
  };
  const behind = (element: Element | null): string =>
    element ? over(behind(element.parentElement), getComputedStyle(element).backgroundColor) : 'rgb(255, 255, 255)';
  const luminance = (colour: string): number => {
    const [red = 0, green = 0, blue = 0] = (colour.match(/\d+/g) ?? []).map((part) => {
      const value = Number(part) / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  let lowest = { ratio: 21, text: '' };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    const element = node.parentElement;
    if (!element || !node.textContent?.trim() || element.getClientRects().length === 0) continue;
    const ground = behind(element);
    const [light, dark] = [luminance(over(ground, getComputedStyle(element).color)), luminance(ground)].toSorted((a, b) => b - a);
    const ratio = ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
    if (ratio < lowest.ratio) lowest = { ratio, text: node.textContent.trim() };
  }
  return lowest;
};

describe.skipIf(!hasProgram('chromium-headless-shell'))('the console in a browser (needs chromium-headless-shell)', () => {
  let browser: Browser;
  let platform: Platform;
  let clock: ManualClock;
  let page: Page;
  let trouble: string[];

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: EXECUTABLE, args: ['--no-sandbox', '--disable-gpu', ...QUIET] });
  });
  afterAll(() => browser.close());

  beforeEach(async () => {
    clock = manualClock(new Date('2026-03-02T03:00:00Z'));
    platform = await startPlatform({ accounts: [OFFICE.boss, OFFICE.kim], failedLogInMs: 0, now: clock.now });
    await fillOffice(platform);
    clock.advance({ days: 1 });
    trouble = [];
  });
  afterEach(async () => {
    await page.context().close();
    await platform.stop();
    expect(trouble).toEqual([]);
  });

  const open = async (options: BrowserContextOptions = {}): Promise<void> => {
    page = await (await browser.newContext({ locale: 'en-US', ...options })).newPage();
    // Chromium counts a page with status 422 as one that failed to load; it is the form with its refusal.
    page.on('console', (message) => message.text().includes('422') || trouble.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => trouble.push(error.message));
    page.on('request', (request) => request.url().startsWith(platform.httpUrl) || trouble.push(`asked for ${request.url()}`));
    await page.goto(`${platform.httpUrl}/console`);
  };
  const logIn = async (user: string): Promise<void> => {
    await page.fill('[name=user]', user);
    await page.fill('[name=password]', OFFICE.boss.password);
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => !url.pathname.endsWith('/log-in'));
  };
  const visit = (path: string) => page.goto(`${platform.httpUrl}/console${path}`);

  it('A1, A2, A5: an account is added, changed and deleted, and what is refused is said beside its field', async () => {
    await open();
    await logIn('boss');
    await page.click('text=Accounts');
    await page.click('text=Add account');
    await page.fill('[name=user]', 'new@other.example');
    await page.click('main button');
    expect(await page.locator('#new-user-error').textContent()).toContain('not one of the office’s own');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('new-user');
    await page.fill('[name=user]', 'new@example.co.kr');
    await page.fill('[name=name]', 'New "One"');
    await page.click('main button');
    expect(await page.locator('.secret code').textContent()).toHaveLength(20);
    expect(await page.locator('h1').textContent()).toBe('New "One"');
    await page.fill('[name=quota]', '1.5');
    await page.click('#settings button');
    expect(await page.locator('.done').textContent()).toBe('Saved.');
    expect(await page.locator('.head .usage').textContent()).toContain('0 B of 1.5 MB');
    await page.click('text=Delete…');
    await page.fill('[name=confirmation]', 'new@example.co.kr');
    await page.click('text=Delete for good');
    expect(await page.locator('.done').textContent()).toContain('were deleted');
    expect(() => platform.account('new@example.co.kr')).toThrow();
  });

  it('P1, P3, P5: the super administrator switches the policy, and is asked before an exception ends', async () => {
    await open();
    await logIn('boss');
    await visit('/policy');
    await page.check('[name=pop3Smtp]');
    await page.check('[name=retention]');
    await page.fill('[name=blockedFrom]', '18:01');
    await page.fill('[name=blockedTo]', '08:59');
    await page.click('text=Save');
    expect(await page.locator('fieldset .warning').textContent()).toContain('secret mail, approval mail');
    expect(platform.office.policy).toMatchObject({ pop3Smtp: true, retention: true, webBlockedHours: { from: '18:01', to: '08:59' } });
    await page.fill('[name=user]', OFFICE.kim.user);
    await page.click('#exception button');
    await page.click('text=Remove…');
    expect(await page.locator('main .warning').textContent()).toContain('cannot be undone');
    await page.click('main form button');
    expect(await page.locator('.done').textContent()).toContain('removed');
  });

  it('U4: an upload shows its counts, and why each failure failed', async () => {
    await open({ locale: 'ko-KR' });
    await logIn('boss');
    await page.click('text=업로드');
    await page.click('tbody a');
    expect(await page.locator('.figures dd').allTextContents()).toEqual(['4', '2', '2']);
    const rows = await page
      .locator('tbody tr')
      .evaluateAll((all) =>
        all.map((row) => [...row.children].map((cell) => cell.querySelector('.value')?.textContent ?? cell.textContent)),
      );
    expect(rows).toEqual([
      ['회의록 <최종>.docx', '.eml 파일이 아닙니다.'],
      ['빈 메일.eml', '0바이트 파일입니다.'],
    ]);
  });

  it('B3: a backup is requested, downloaded until it expires, and its expiry is shown', async () => {
    await open();
    await logIn(OFFICE.kim.user);
    await page.click('text=Backups of this account');
    await page.selectOption('[name=mailbox]', 'INBOX');
    await page.click('#request button');
    const state = async () => {
      await page.reload();
      return page.locator('tbody .tag').textContent();
    };
    await expect.poll(state).toBe('Ready');
    const expiry = await page.locator('tbody td:nth-of-type(2) time').getAttribute('datetime');
    expect(expiry).toBe('2026-03-10T03:00:00.000Z');
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('tbody .plain-list a')]);
    expect(download.suggestedFilename()).toBe(`backup_${OFFICE.kim.user}_20260302_1of1.zip`);
    clock.advance({ days: 7 });
    await page.context().clearCookies();
    await visit('');
    await logIn(OFFICE.kim.user);
    await page.click('text=Backups');
    expect(await page.locator('tbody .tag').textContent()).toBe('Expired');
    expect(await page.locator('tbody .plain-list').count()).toBe(0);
  });

  it('works with the keyboard alone', async () => {
    await open();
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.className)).toBe('skip');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('log-in-user');
    await page.keyboard.type('boss');
    await page.keyboard.press('Tab');
    await page.keyboard.type(OFFICE.boss.password);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/console');
    const tabTo = async (isThere: () => boolean): Promise<void> => {
      for (let presses = 0; presses < 60 && !(await page.evaluate(isThere)); presses += 1) await page.keyboard.press('Tab');
      expect(await page.evaluate(isThere)).toBe(true);
      const ring = await page.evaluate(() => document.activeElement && getComputedStyle(document.activeElement).outlineWidth);
      expect(ring).toBe('3px');
    };
    await tabTo(() => document.activeElement?.textContent === 'Policy');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/policy');
    await tabTo(() => document.activeElement?.getAttribute('name') === 'retention');
    await page.keyboard.press('Space');
    await tabTo(() => document.activeElement?.textContent === 'Save');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/policy?done=saved');
    expect(platform.office.policy.retention).toBe(true);
  });

  it.each([
    { locale: 'en-US', colorScheme: 'light' },
    { locale: 'ko-KR', colorScheme: 'dark' },
  ] as const)(
    'can be read in $locale, $colorScheme: contrast, one heading, names of controls, no sideways scrolling at 320 px',
    async (options) => {
      await open({ ...options, viewport: { width: 320, height: 800 } });
      const check = async (path: string): Promise<void> => {
        for (const width of [320, 700, 1200]) {
          await page.setViewportSize({ width, height: 800 });
          const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          expect(wider, `${path} at ${width} px`).toBeLessThanOrEqual(0);
        }
        const { ratio, text } = await page.evaluate(lowestContrast);
        expect(ratio, `${path}: ${text}`).toBeGreaterThanOrEqual(4.5);
        expect(await page.locator('h1').count(), path).toBe(1);
        expect(await page.locator('html').getAttribute('lang')).toBe(options.locale.slice(0, 2));
        const ids = await page.locator('[id]').evaluateAll((all) => all.map(({ id }) => id));
        expect(ids, path).toEqual([...new Set(ids)]);
        const nameless = await page
          .locator('input:not([type=hidden]), select, textarea')
          .evaluateAll((all) => all.flatMap((one) => ('labels' in one && (one.labels as NodeList).length > 0 ? [] : [one.outerHTML])));
        expect(nameless, path).toEqual([]);
      };
      await check('log-in');
      await logIn('boss');
      for (const path of PATHS) {
        await visit(path);
        await check(path);
      }
      await visit('/accounts/new');
      await page.fill('[name=quota]', 'x');
      await page.click('#new button');
      expect(await page.locator('#new-quota-error').count()).toBe(1);
      await check('a refusal');
    },
  );
});

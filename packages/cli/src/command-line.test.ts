import { MailferryError } from '@mailferry/core/errors';
import { describe, expect, it } from 'vitest';
import { parseCommandLine } from './command-line.ts';
import { COMMANDS } from './command-table.ts';
import { textsOf } from './texts.ts';

const parse = (line: string, language: 'en' | 'ko' = 'en') => parseCommandLine(line.split(' ').filter(Boolean), textsOf(language), 80);

const refusal = async (line: string, language: 'en' | 'ko' = 'en'): Promise<string> => {
  const error: unknown = await parse(line, language).catch((reason: unknown) => reason);
  return error instanceof MailferryError && error.code === 'option-invalid' ? String(error.details.reason) : 'accepted';
};

describe('the command line', () => {
  it('is understood as a command with its options', async () => {
    expect(await parse('backup --from imaps://kim@mail.example --out=kim --for-upload --connections 4')).toMatchObject({
      kind: 'command',
      name: 'backup',
      args: { 'from': 'imaps://kim@mail.example', 'out': 'kim', 'for-upload': true, 'connections': '4' },
    });
    expect(await parse('verify 0123')).toMatchObject({ name: 'verify', args: { path: '0123' } });
    expect(await parse('platform serve --account kim --account lee')).toMatchObject({
      name: 'platform serve',
      args: { account: ['kim', 'lee'] },
    });
  });

  it.each([
    ['', /command is missing/],
    ['--json', /command is missing/],
    ['platform', /command is missing/],
    ['migrat', /Did you mean migrate/],
    ['verify', /Not enough|path/],
    ['verify a b', /Unknown argument: b/],
    ['verify a --bad', /Unknown argument: bad/],
    ['verify a --no-json', /Unknown argument/],
    ['verify a --lang fr', /Invalid values/],
    ['backup --from imaps://kim@mail.example', /Missing required argument: out/],
    ['backup --from --out a', /Not enough arguments following: from/],
  ])('%j is refused', async (line, reason) => {
    expect(await refusal(line)).toMatch(reason);
  });

  it('is refused in Korean too', async () => {
    expect(await refusal('', 'ko')).toBe('명령을 지정하지 않았습니다');
    expect(await refusal('verify a --bad', 'ko')).toMatch(/알 수 없는 인수/);
  });

  it('shows the version of the package', async () => {
    expect(await parse('--version')).toEqual({ kind: 'text', text: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });

  it.each(Object.entries(COMMANDS))('explains %s with all its options and an example, in both languages', async (name, spec) => {
    for (const language of ['en', 'ko'] as const) {
      const help = await parse(`${name} --help`, language);
      const text = help.kind === 'text' ? help.text : '';
      for (const option of Object.keys(spec.options)) expect(text).toContain(`--${option} `);
      for (const piece of spec.examples.flatMap(([pieces]) => pieces)) expect(text).toContain(`${piece}\n`);
      expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    }
  });
});
